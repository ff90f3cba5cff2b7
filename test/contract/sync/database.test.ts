import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../sync/receiver/database.ts";
import { migrate, migrations } from "../../../sync/receiver/migrate.ts";
import { databasesUnderTest, type OpenedDatabase } from "../../support/receiver-databases.ts";

describe.each(databasesUnderTest)("the database adapter for $title", ({ available, open }) => {
  let opened: OpenedDatabase;
  let database: Database;

  beforeAll(async () => {
    if (!available) return;
    opened = await open();
    database = opened.database;
  }, 60_000);

  afterAll(async () => {
    if (available) await opened[Symbol.asyncDispose]();
  });

  describe.skipIf(!available)("in transactions", () => {
    it("keeps nothing of one that failed, and works on", async () => {
      await database.transaction((sql) => sql.script("CREATE TABLE kept (n integer)"));
      const failing = database.transaction(async (sql) => {
        await sql.query("INSERT INTO kept VALUES ($1)", [1]);
        throw new Error("half way");
      });
      await expect(failing).rejects.toThrow("half way");
      expect(await database.transaction((sql) => sql.query("SELECT * FROM kept"))).toEqual([]);
    });

    it("does not answer as committed what the database rolled back", async () => {
      const swallowed = database.transaction(async (sql) => {
        await sql.query("INSERT INTO kept VALUES (1)");
        await sql.query("SELECT 1 / 0").catch(() => undefined);
      });
      await swallowed.catch(() => undefined);
      const rows = await database.transaction((sql) => sql.query("SELECT * FROM kept"));
      const answered = await swallowed.then(
        () => true,
        () => false,
      );
      expect({ answered, rows }).toEqual({ answered: false, rows: [] });
    });

    it("reads numbers, times and bytes alike on every database", async () => {
      const text = `SELECT 9007199254740991::bigint AS a, 9007199254740993::bigint AS b, 1.50::numeric AS c,
        '2026-03-14 09:26:53'::timestamp AS d, '\\x00ff'::bytea AS e, ARRAY['x'] AS f, true AS g`;
      const [row] = await database.transaction((sql) => sql.query(text));
      expect({ ...row, e: Buffer.from(row?.["e"] as Uint8Array) }).toEqual({
        a: 9007199254740991,
        b: "9007199254740993",
        c: "1.50",
        d: "2026-03-14 09:26:53",
        e: Buffer.from([0, 255]),
        f: ["x"],
        g: true,
      });
    });
  });

  describe.skipIf(!available)("asked by people", () => {
    it("answers with columns in order", async () => {
      expect(await database.readOnly("SELECT 1 AS b, 2 AS a, 3 AS b")).toEqual({
        columns: ["b", "a", "b"],
        rows: [[1, 2, 3]],
      });
    });

    it.each([
      ["DELETE FROM entries", "read-only"],
      ["SELECT 1; COMMIT; DELETE FROM entries", "multiple commands"],
      ["DROP TABLE entries", "read-only"],
      ["nonsense", "syntax error"],
    ])("refuses %s and answers the next question", async (statement, reason) => {
      await expect(database.readOnly(statement)).rejects.toThrow(reason);
      expect((await database.readOnly("SELECT count(*) FROM entries")).columns).toEqual(["count"]);
    });
  });

  describe.skipIf(!available)("asked what docs/cloud.md asks", () => {
    const document = readFileSync(new URL("../../../docs/cloud.md", import.meta.url), "utf8");
    const questions = [...document.matchAll(/^```sql\n(.*?)^```$/gms)].flatMap(([, text = ""]) => text.split(/;\n/));

    it.each(questions.filter((question) => question.trim() !== ""))("answers %s", async (question) => {
      await expect(database.readOnly(question)).resolves.toHaveProperty("columns");
    });
  });

  describe.skipIf(!available)("migrated", () => {
    it("is left alone the second time, and by two at once", async () => {
      await Promise.all([migrate(database), migrate(database)]);
      const { rows } = await database.readOnly("SELECT version FROM schema_migrations ORDER BY 1");
      expect(rows.map(([version]) => version)).toEqual(migrations().map((step) => step.version));
    });

    it("takes a later step, and nothing of one that fails", async () => {
      const next = { version: 9001, name: "next", script: "CREATE TABLE later (n integer)" };
      const broken = { version: 9002, name: "broken", script: "CREATE TABLE half (n integer); SELECT 1 / 0" };
      await expect(migrate(database, [...migrations(), next, broken])).rejects.toThrow("division by zero");
      await migrate(database, [...migrations(), next]);
      await expect(database.readOnly("SELECT * FROM later")).resolves.toBeDefined();
      await expect(database.readOnly("SELECT * FROM half")).rejects.toThrow("does not exist");
    });

    it("refuses a database with a step it does not know, and a step that was edited", async () => {
      await expect(migrate(database)).rejects.toMatchObject({ code: "RECEIVER_SCHEMA_NEWER" });
      const edited = { version: 9001, name: "next", script: "CREATE TABLE later (n bigint)" };
      await expect(migrate(database, [...migrations(), edited])).rejects.toMatchObject({
        code: "RECEIVER_SCHEMA_CHANGED",
      });
    });

    it("has a comment on every table", async () => {
      const { rows } = await database.readOnly(
        `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
           AND relname NOT IN ('schema_migrations', 'kept', 'later') AND obj_description(oid) IS NULL`,
      );
      expect(rows).toEqual([]);
    });
  });
});
