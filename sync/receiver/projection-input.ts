/**
 * The entries of one kind in a range: `$1` agent, `$2` epoch, `$3` and `$4` first and last seq. The body is parsed once: OFFSET 0
 * keeps the planner from writing the parsing into the condition too. What a person
 * played is left out of every table, so that no query can count it.
 */
export const input = (kind: string): string => `
  input AS MATERIALIZED (
    SELECT * FROM (
      SELECT entry_id, agent, epoch, seq, idempotency_key, occurred_at, clock_trusted, entry_json(body) -> 'data' AS d
      FROM entries
      WHERE agent = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 AND kind = '${kind}'
        AND flag IS DISTINCT FROM 'projection-failed'
      OFFSET 0
    ) parsed
    WHERE d ->> 'isTest' IS DISTINCT FROM 'true'
  )`;
