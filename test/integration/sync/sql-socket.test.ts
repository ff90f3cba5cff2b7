import { expect, it } from "vitest";
import { PgDatabase } from "../../../sync/receiver/pg-database.ts";
import { askSql, serveSql } from "../../../sync/receiver/sql-socket.ts";
import { postgresBinaries, RunningPostgres } from "../../support/postgres.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const where = postgresBinaries === undefined ? " (skipped: PostgreSQL is not installed)" : "";

it.skipIf(postgresBinaries === undefined)(
  `the receiver refuses an answer too large to be held, in one row or in many, and answers the next question${where}`,
  async () => {
    using folder = new TempFolder();
    await using postgres = await RunningPostgres.start();
    await using database = new PgDatabase(await postgres.newDatabase());
    await using _serving = await serveSql(folder.file("sql.sock"), database);
    const ask = (statement: string) => askSql(folder.file("sql.sock"), statement);
    const refused: unknown = expect.objectContaining({
      code: "RECEIVER_SQL",
      message: expect.stringContaining("LIMIT") as string,
    });
    await expect(ask("SELECT repeat('x', 70000000) AS a")).rejects.toEqual(refused);
    await expect(ask("SELECT n, repeat('x', 1000) FROM generate_series(1, 200000) AS n")).rejects.toEqual(refused);
    await expect(ask("SELECT n FROM generate_series(1, 1000) AS n")).resolves.toMatchObject({ columns: ["n"] });
  },
  60_000,
);
