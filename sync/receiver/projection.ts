import { amendedProjection } from "./amended-projection.ts";
import { input } from "./projection-input.ts";
import { transactionColumns, transactionParts } from "./transaction-columns.ts";
import { visitEnded, visitStarted } from "./visit-projection.ts";

/**
 * Rows of a child table, one an element of an array in the data of each row just inserted, numbered from 1. IS TRUE keeps the planner
 * from a join: it takes both sides for one row and would compare every row with every other, where a subquery is hashed.
 */
const children = (
  table: string,
  id: string,
  numbered: string,
  member: string,
  columns: Readonly<Record<string, string>>,
): string => `
  ${table}_rows AS (
    INSERT INTO ${table} (${[id, numbered, ...Object.keys(columns)].join(", ")})
    SELECT ${["input.entry_id", "element.n", ...Object.values(columns)].join(", ")}
    FROM input
    CROSS JOIN LATERAL jsonb_array_elements(d -> '${member}') WITH ORDINALITY AS element (e, n)
    WHERE (input.entry_id IN (SELECT id FROM inserted)) IS TRUE
    ON CONFLICT DO NOTHING
  )`;

/** Rows of a kind's own table; `columns` beside the ones every such table has. */
const rows = (table: string, id: string, columns: Record<string, string>): string => `
  inserted AS (
    INSERT INTO ${table} (${[id, "agent", "epoch", "seq", "idempotency_key", "occurred_at", ...Object.keys(columns)].join(", ")})
    SELECT ${["entry_id", "agent", "epoch", "seq", "idempotency_key", "occurred_at", ...Object.values(columns)].join(", ")}
    FROM input
    ORDER BY seq
    ON CONFLICT DO NOTHING
    RETURNING ${id} AS id
  )`;

const statement = (...parts: readonly string[]): string => `WITH ${parts.join(",")} SELECT FROM inserted LIMIT 0`;

const transaction = statement(
  input("transaction"),
  rows("transactions", "transaction_id", {
    clock_trusted: "clock_trusted",
    reading_id: "entry_id",
    reading_seq: "seq",
    ...transactionColumns,
  }),
  ...transactionParts.map(({ table, member, columns }) =>
    children(table, "transaction_id", "line_number", member, columns),
  ),
);

const touch = statement(
  input("touch"),
  rows("touches", "touch_id", {
    clock_trusted: "clock_trusted",
    lane_id: "d ->> 'laneId'",
    device_id: "d ->> 'deviceId'",
    reading_id: "d ->> 'readingId'",
    technology: "d ->> 'technology'",
    unread_reason: "d ->> 'unreadReason'",
  }),
  children("touch_evidence", "touch_id", "evidence_number", "evidence", {
    evidence_type: "e ->> 'type'",
    tier: "e ->> 'tier'",
    token: "e ->> 'token'",
    key_version: "(e ->> 'keyVersion')::integer",
    doubt: "e ->> 'doubt'",
    proof: "e ->> 'proof'",
    counter: "(e ->> 'counter')::bigint",
    last_counter: "(e ->> 'lastCounter')::bigint",
    issued_at: "(e ->> 'issuedAt')::timestamptz",
    note: "e ->> 'note'",
  }),
);

const scan = statement(
  input("scan"),
  rows("scans", "scan_id", {
    clock_trusted: "clock_trusted",
    lane_id: "d ->> 'laneId'",
    device_id: "d ->> 'deviceId'",
    reading_id: "d ->> 'readingId'",
    via: "d ->> 'via'",
    symbology: "d ->> 'symbology'",
    code_kind: "d ->> 'codeKind'",
    gtin: "d ->> 'gtin'",
    elements: "d -> 'elements'",
    scheme: "d ->> 'scheme'",
    number: "d ->> 'number'",
    token: "d -> 'evidence' -> 0 ->> 'token'",
    token_type: "d -> 'evidence' -> 0 ->> 'type'",
    key_version: "(d -> 'evidence' -> 0 ->> 'keyVersion')::integer",
  }),
);

const link = statement(
  input("link"),
  rows("links", "link_id", {
    lane_id: "d ->> 'laneId'",
    transaction_id: "d ->> 'transactionEntryId'",
    touch_id: "d ->> 'touchEntryId'",
    state: "d ->> 'state'",
    tier: "d ->> 'tier'",
    candidate_touch_ids: "ARRAY(SELECT jsonb_array_elements_text(d -> 'candidateEntryIds'))",
    rule: "d ->> 'rule'",
  }),
);

/**
 * What each known kind of entry becomes, as statements over stored entries that hold together: `$1` agent, `$2` epoch, `$3` first and
 * `$4` last seq. They are run in this order. Empty: known, and kept as an entry only. Rows that are there already stay as they are, but
 * for an amended reading.
 */
export const projections: ReadonlyMap<string, readonly string[]> = new Map([
  ["transaction", [transaction]],
  ["transaction.amended", amendedProjection],
  ["touch", [touch]],
  ["scan", [scan]],
  ["visit.started", [visitStarted]],
  ["visit.ended", [visitEnded]],
  ["link", [link]],
  ["transaction.repeat", []],
  ["agent.started", []],
]);
