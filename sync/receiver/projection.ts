/** The entries of one kind in a range: `$1` agent, `$2` epoch, `$3` and `$4` first and last seq. The body is parsed once. */
const input = (kind: string): string => `
  input AS MATERIALIZED (
    SELECT entry_id, agent, epoch, seq, idempotency_key, occurred_at, clock_trusted, entry_json(body) -> 'data' AS d
    FROM entries
    WHERE agent = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 AND kind = '${kind}'
      AND flag IS DISTINCT FROM 'projection-failed'
  )`;

/**
 * Rows of a child table, one an element of an array in the data of each row just inserted, numbered from 1. IS TRUE keeps the planner
 * from a join: it takes both sides for one row and would compare every row with every other, where a subquery is hashed.
 */
const children = (
  table: string,
  id: string,
  numbered: string,
  member: string,
  columns: Record<string, string>,
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

/** A time, and an error for what PostgreSQL alone would take for one, like `yesterday`. */
const time = (text: string): string => `
  CASE WHEN ${text} ~ '^\\d{4}-' OR ${text} IS NULL THEN ${text} ELSE 'no time: ' || (${text}) END::timestamp`;

const transactionId = ["transaction_id", "line_number"] as const;

const transaction = statement(
  input("transaction"),
  rows("transactions", "transaction_id", {
    clock_trusted: "clock_trusted",
    retail_store_id: "d ->> 'retailStoreId'",
    workstation_id: "d ->> 'workstationId'",
    sequence_number: "d ->> 'sequenceNumber'",
    operator_id: "d ->> 'operatorId'",
    kind: "d ->> 'kind'",
    status: "d ->> 'status'",
    end_date_time: time("d ->> 'endDateTime'"),
    currency_code: "d ->> 'currencyCode'",
    currency_exponent: "(d ->> 'currencyExponent')::smallint",
    subtotal_minor: "(d ->> 'subtotalMinor')::bigint",
    total_minor: "(d ->> 'totalMinor')::bigint",
    change_minor: "(d ->> 'changeMinor')::bigint",
    line_count: "jsonb_array_length(d -> 'lineItems')",
    item_count: "(d ->> 'itemCount')::integer",
    member_id: "d ->> 'memberId'",
    reconciliation: "d -> 'reconciliation' ->> 'state'",
    reconciliation_reasons: "ARRAY(SELECT jsonb_array_elements_text(d -> 'reconciliation' -> 'reasons'))",
    profile: "d ->> 'profile'",
    confidence: "(d ->> 'confidence')::real",
    lane_id: "d ->> 'laneId'",
    device_id: "d ->> 'deviceId'",
  }),
  children("line_items", ...transactionId, "lineItems", {
    item_id: "e ->> 'itemId'",
    description: "e ->> 'description'",
    quantity: "(e ->> 'quantity')::numeric",
    unit_price_minor: "(e ->> 'unitPriceMinor')::bigint",
    extended_amount_minor: "(e ->> 'extendedAmountMinor')::bigint",
    discount_minor: "(e ->> 'discountMinor')::bigint",
    voided: "(e ->> 'voided')::boolean",
  }),
  children("discounts", ...transactionId, "discounts", {
    description: "e ->> 'description'",
    amount_minor: "(e ->> 'amountMinor')::bigint",
  }),
  children("taxes", ...transactionId, "taxes", {
    amount_minor: "(e ->> 'amountMinor')::bigint",
    rate: "(e ->> 'rate')::numeric",
    included: "(e ->> 'included')::boolean",
  }),
  children("tenders", ...transactionId, "tenders", {
    tender_type: "e ->> 'tenderType'",
    amount_minor: "(e ->> 'amountMinor')::bigint",
    reference: "e ->> 'reference'",
  }),
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
 * What each known kind of entry becomes, as one statement over stored entries: `$1` agent, `$2` epoch, `$3` first and `$4` last seq.
 * Null: known, and kept as an entry only. Rows that are there already stay as they are.
 */
export const projections: ReadonlyMap<string, string | null> = new Map([
  ["transaction", transaction],
  ["touch", touch],
  ["link", link],
  ["transaction.repeat", null],
  ["agent.started", null],
]);
