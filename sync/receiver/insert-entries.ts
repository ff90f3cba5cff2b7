import type { BatchEntry } from "../protocol/batch.ts";
import { formatHash } from "../protocol/message.ts";
import { readEvent } from "../protocol/read-event.ts";
import type { Sql } from "./database.ts";
import { projections } from "./projection.ts";

/** An entry as the statement takes it; a member that is absent becomes NULL. */
interface EntryRow {
  readonly seq: number;
  readonly hash: string;
  readonly flag?: "unknown-kind" | "unreadable" | "projection-failed";
  readonly entry_id?: string;
  readonly kind?: string;
  readonly key?: string;
  readonly occurred_at?: string;
  readonly trusted?: boolean;
  readonly body?: string;
  readonly bytes?: string;
}

/** One array of rows is nine times faster than a statement a row. A key seen before is an entry shipped again. */
const insert = `
  INSERT INTO entries (agent, epoch, seq, entry_id, kind, idempotency_key, occurred_at, clock_trusted, flag, hash, body, body_bytes)
  SELECT $1, $2, e.seq, e.entry_id, e.kind, e.key, e.occurred_at, e.trusted,
    CASE
      WHEN e.flag = 'projection-failed' THEN e.flag
      WHEN EXISTS (SELECT FROM entries p WHERE p.agent = $1 AND p.idempotency_key = e.key) THEN 'repeated'
      ELSE e.flag
    END,
    decode(e.hash, 'hex'), e.body, decode(e.bytes, 'hex')
  FROM json_to_recordset($3::json) AS e (
    seq bigint, entry_id text, kind text, key text, occurred_at timestamptz, trusted boolean, flag text, hash text, body text, bytes text
  )`;

/** Stores entries as they came; answers which kinds were among them. */
export async function insertEntries(
  sql: Sql,
  agent: string,
  epoch: string,
  entries: readonly BatchEntry[],
): Promise<ReadonlySet<string>> {
  const rows = entries.map(entryRow);
  await sql.query(insert, [agent, epoch, JSON.stringify(rows)]);
  return new Set(rows.flatMap((row) => row.kind ?? []));
}

function entryRow(entry: BatchEntry): EntryRow {
  const place = { seq: entry.seq, hash: formatHash(entry.hash) };
  const event = readEvent(entry.bytes);
  if (!event.ok) return { ...place, flag: "unreadable", bytes: Buffer.from(entry.bytes).toString("hex") };
  const { id, kind, key, timeMs, clockTrusted, text, data } = event.value;
  return {
    ...place,
    entry_id: id,
    kind,
    key,
    occurred_at: new Date(timeMs).toISOString(),
    trusted: clockTrusted,
    body: text,
    ...(!projections.has(kind) && { flag: "unknown-kind" }),
    ...(!isShallow(data, deepest) && { flag: "projection-failed" }),
  };
}

/** Deeper data is kept as text and never given to a JSON parser of the database: a recursive one may run out of stack. */
const deepest = 64;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}
