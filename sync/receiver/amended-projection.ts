import { transactionColumns, transactionParts, type PartTable } from "./transaction-columns.ts";

/**
 * The newest amendment of each transaction in a range: `$1` agent, `$2` epoch, `$3` and `$4` first and last seq. Each of the statements
 * below does its part for all of them.
 */
const input = `
  input AS MATERIALIZED (
    SELECT DISTINCT ON (d ->> 'transactionEntryId') *
    FROM (
      SELECT entry_id, agent, epoch, seq, idempotency_key, occurred_at, clock_trusted, entry_json(body) -> 'data' AS d
      FROM entries
      WHERE agent = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 AND kind = 'transaction.amended'
        AND flag IS DISTINCT FROM 'projection-failed'
      OFFSET 0
    ) amended
    WHERE d ->> 'isTest' IS DISTINCT FROM 'true'
    ORDER BY d ->> 'transactionEntryId', seq DESC
  )`;

const names = Object.keys(transactionColumns);
const values = Object.values(transactionColumns);

/** Where the first reading did not fit the tables, there is no row to change yet. */
const insertMissing = `
  WITH ${input}
  INSERT INTO transactions (transaction_id, agent, epoch, seq, idempotency_key, occurred_at, clock_trusted,
    reading_id, reading_seq, ${names.join(", ")})
  SELECT d ->> 'transactionEntryId', agent, epoch, seq, idempotency_key, occurred_at, clock_trusted,
    entry_id, seq, ${values.join(", ")}
  FROM input
  ON CONFLICT DO NOTHING`;

/** A reading takes the place of older ones only: what is shipped again changes nothing. */
const update = `
  WITH ${input}
  UPDATE transactions t
  SET reading_id = input.entry_id, reading_seq = input.seq,
    ${names.map((name, index) => `${name} = ${values[index] ?? ""}`).join(", ")}
  FROM input
  WHERE t.transaction_id = d ->> 'transactionEntryId' AND t.agent = input.agent AND t.reading_seq < input.seq`;

/** The transaction `t` shows the reading that `input` is. By the id of the reading alone, an entry could reach another agent's. */
const shown =
  "t.reading_id = input.entry_id AND t.transaction_id = d ->> 'transactionEntryId' AND t.agent = input.agent";

const clear = ({ table }: PartTable): string => `
  WITH ${input}
  DELETE FROM ${table} part USING transactions t, input
  WHERE ${shown} AND part.transaction_id = t.transaction_id`;

const fill = ({ table, member, columns }: PartTable): string => `
  WITH ${input}
  INSERT INTO ${table} (transaction_id, line_number, ${Object.keys(columns).join(", ")})
  SELECT t.transaction_id, element.n, ${Object.values(columns).join(", ")}
  FROM input
  JOIN transactions t ON ${shown}
  CROSS JOIN LATERAL jsonb_array_elements(d -> '${member}') WITH ORDINALITY AS element (e, n)`;

/** What a `transaction.amended` entry does: the row of its transaction, and the rows of its parts, show the new reading. */
export const amendedProjection: readonly string[] = [
  insertMissing,
  update,
  ...transactionParts.map(clear),
  ...transactionParts.map(fill),
];
