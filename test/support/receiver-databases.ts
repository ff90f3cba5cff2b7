import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../sync/receiver/database.ts";
import { migrate } from "../../sync/receiver/migrate.ts";
import { PgDatabase } from "../../sync/receiver/pg-database.ts";
import { PgliteDatabase } from "../../sync/receiver/pglite-database.ts";
import { postgresBinaries, RunningPostgres } from "./postgres.ts";

/** A migrated database and what must be stopped after it. */
export interface OpenedDatabase extends AsyncDisposable {
  readonly database: Database;
}

/** A database the receiver's contract is tried on. */
export interface DatabaseUnderTest {
  /** Says so when it cannot be had here. */
  readonly title: string;
  readonly available: boolean;
  readonly open: () => Promise<OpenedDatabase>;
}

/** Every database the receiver runs on. */
export const databasesUnderTest: readonly DatabaseUnderTest[] = [
  { title: "PGlite", available: true, open: openPglite },
  {
    title: postgresBinaries === undefined ? "PostgreSQL (skipped: not installed)" : "PostgreSQL",
    available: postgresBinaries !== undefined,
    open: openPostgres,
  },
];

async function openPglite(): Promise<OpenedDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "storeloop-pglite-"));
  const database = await PgliteDatabase.open(folder);
  await migrate(database);
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openPostgres(): Promise<OpenedDatabase> {
  const server = await RunningPostgres.start();
  const database = new PgDatabase(await server.newDatabase());
  await migrate(database);
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
