import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Database, Row, Sql } from "./database.ts";
import { ReceiverError } from "./receiver-error.ts";

const folder = new URL("./migrations/", import.meta.url);

/** Any constant will do: it keeps two receivers that start together from migrating together. */
const lockNumber = 7_867_001;

/** A step of the schema, a file `NNNN-name.sql`. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly script: string;
}

/** The migrations that come with this version, in order. */
export function migrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: Number(file.slice(0, 4)),
      name: file.slice(5, -4),
      script: readFileSync(new URL(file, folder), "utf8"),
    }));
}

/**
 * Brings the schema up to date, forward only, all steps in one transaction, however long it takes.
 *
 * @throws ReceiverError `RECEIVER_SCHEMA_NEWER` when the database has a step this version does not know, `RECEIVER_SCHEMA_CHANGED`
 * when a step was edited after it was applied.
 */
export async function migrate(database: Database, steps: readonly Migration[] = migrations()): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query("SELECT pg_advisory_xact_lock($1)", [lockNumber]);
    await sql.script(`
      CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`);
    const applied = await sql.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version");
    for (const row of applied) check(row, steps);
    const done = new Set(applied.map((row) => row["version"]));
    for (const step of steps) if (!done.has(step.version)) await apply(sql, step);
  }, "patient");
}

async function apply(sql: Sql, step: Migration): Promise<void> {
  await sql.script(step.script);
  await sql.query("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", [
    step.version,
    step.name,
    checksum(step),
  ]);
}

function check(row: Row, steps: readonly Migration[]): void {
  const step = steps.find((known) => known.version === row["version"]);
  const name = `${String(row["version"])}-${String(row["name"])}`;
  if (step === undefined) throw new ReceiverError("RECEIVER_SCHEMA_NEWER", `the database has migration ${name}`);
  if (checksum(step) !== row["checksum"]) {
    throw new ReceiverError("RECEIVER_SCHEMA_CHANGED", `migration ${name} differs from the one that was applied`);
  }
}

function checksum(step: Migration): string {
  return createHash("sha256").update(step.script).digest("hex");
}
