import { createHash } from "node:crypto";
import { StoreloopError } from "../core/errors.ts";
import type { Sqlite } from "./sqlite.native.ts";

/**
 * The ledger's schema, one step a version. A step that has shipped is never changed: its checksum is kept in the file and compared
 * at every start.
 */
const steps: readonly string[] = [
  `
  -- The ledger and the outbox. bytes is the CloudEvent exactly as shipped; hash is the chain up to and including it.
  CREATE TABLE entry (
    seq     INTEGER PRIMARY KEY,
    kind    TEXT    NOT NULL,
    key     TEXT    NOT NULL UNIQUE,
    bytes   BLOB    NOT NULL,
    hash    BLOB    NOT NULL
  ) STRICT;
  -- Sales are found by going back through the entries. Touches may be rare, or none in years.
  CREATE INDEX entry_touch ON entry (seq) WHERE kind = 'touch';

  -- How far the receiver is, and under which epoch. One row.
  CREATE TABLE cursor (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    epoch      TEXT    NOT NULL,
    first_seq  INTEGER NOT NULL,
    base_hash  BLOB    NOT NULL,
    acked_seq  INTEGER NOT NULL,
    acked_hash BLOB    NOT NULL
  ) STRICT;

  -- A run of print bytes. Bytes before settled_to are accounted for by entries; those up to received_to are on disk.
  CREATE TABLE stream (
    number      INTEGER PRIMARY KEY,
    stream_id   TEXT    NOT NULL UNIQUE,
    device_id   TEXT    NOT NULL,
    lane_id     TEXT    NOT NULL,
    received_to INTEGER NOT NULL DEFAULT 0,
    settled_to  INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX stream_unsettled ON stream (number) WHERE settled_to < received_to;

  CREATE TABLE capture (
    stream       INTEGER NOT NULL REFERENCES stream (number),
    byte_offset  INTEGER NOT NULL,
    wall_ms      INTEGER NOT NULL,
    monotonic_ms REAL    NOT NULL,
    boot_id      TEXT    NOT NULL,
    trusted      INTEGER NOT NULL,
    bytes        BLOB    NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX capture_place ON capture (stream, byte_offset);
  `,
  `
  -- Proofs that count once, with the highest counter recorded. Follows from the touches.
  CREATE TABLE proof (
    proof   TEXT    PRIMARY KEY,
    counter INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Visits that have begun and not ended, by the place of their beginning. Follows from the entries.
  CREATE TABLE open_visit (
    visit_id TEXT    PRIMARY KEY,
    seq      INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

/** The newest schema this version knows. */
export const schemaVersion = steps.length;

/**
 * Brings the schema up to date, each step in a transaction of its own.
 *
 * @throws StoreloopError LEDGER_NEWER when the file knows steps this version does not, LEDGER_CORRUPT when a step differs.
 */
export function migrate(database: Sqlite): void {
  database.exec("CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT");
  const applied = database.prepare<[], { version: number; checksum: string }>(
    "SELECT version, checksum FROM migration ORDER BY version",
  );
  const rows = applied.all();
  if (rows.length > steps.length) {
    throw new StoreloopError("LEDGER_NEWER", `the file has schema ${rows.length}, this version knows ${steps.length}`);
  }
  for (const [index, step] of steps.entries()) {
    const checksum = createHash("sha256").update(step).digest("hex");
    const row = rows[index];
    if (row === undefined) apply(database, index + 1, step, checksum);
    else if (row.checksum !== checksum) {
      throw new StoreloopError("LEDGER_CORRUPT", `schema step ${row.version} is not the one this version has`);
    }
  }
}

function apply(database: Sqlite, version: number, step: string, checksum: string): void {
  const record = database.prepare("INSERT INTO migration (version, checksum) VALUES (?, ?)");
  database.transaction(() => {
    database.exec(step);
    record.run(version, checksum);
  })();
}
