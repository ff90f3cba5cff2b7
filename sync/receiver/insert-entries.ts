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

/**
 * One array of rows is nine times faster than a statement a row. A key seen before, be it in this very array, is an entry shipped again;
 * an id seen before under another key is two facts of which the tables can hold one.
 */
const insert = `
  INSERT INTO entries (agent, epoch, seq, entry_id, kind, idempotency_key, occurred_at, clock_trusted, flag, hash, body, body_bytes)
  SELECT $1, $2, e.seq, e.entry_id, e.kind, e.key, e.occurred_at, e.trusted,
    CASE
      WHEN e.flag = 'projection-failed' THEN e.flag
      WHEN EXISTS (SELECT FROM entries p WHERE p.agent = $1 AND p.idempotency_key = e.key)
        OR row_number() OVER (PARTITION BY e.key ORDER BY e.seq) > 1 AND e.key IS NOT NULL THEN 'repeated'
      WHEN EXISTS (SELECT FROM entries p WHERE p.entry_id = e.entry_id)
        OR row_number() OVER (PARTITION BY e.entry_id ORDER BY e.seq) > 1 AND e.entry_id IS NOT NULL THEN 'id-taken'
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
  const { id, kind, key, timeMs, clockTrusted, text, members } = event.value;
  return {
    ...place,
    entry_id: id,
    kind,
    key,
    occurred_at: new Date(timeMs).toISOString(),
    trusted: clockTrusted,
    body: text,
    ...(!isShallow(members, deepest) && { flag: "projection-failed" }),
    ...(!projections.has(kind) && { flag: "unknown-kind" }),
  };
}

/**
 * Levels of an event with its data at the first. A deeper one is kept as text and never given to a JSON parser of the database: a
 * recursive one may run out of stack, and PGlite never comes back from it.
 */
const deepest = 65;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}
