-- Quick and right answers: text that jsonb cannot hold in time that grows with its length, and indexes for what docs/cloud.md asks,
-- and a flag for entries that no table shows because another has their id.

-- jsonb cannot hold U+0000 or half a surrogate pair; in derived rows both become U+FFFD. entries.body keeps them.
-- Nothing is looked at from behind, which would cost the square of the length: escaped backslashes are set aside as U+0001 first, the
-- escapes of whole pairs as U+0002, and put back at the end. JSON has neither character as such (RFC 8259, section 7).
CREATE OR REPLACE FUNCTION entry_json(body text) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE
    WHEN body ~ '\\u(0000|[dD][89a-fA-F])' THEN
      replace(
        replace(
          regexp_replace(
            regexp_replace(
              replace(replace(body, '\\', E'\x01'), '\u0000', '\ufffd'),
              '\\(u[dD][89abAB][0-9a-fA-F]{2})\\(u[dD][c-fC-F][0-9a-fA-F]{2})',
              E'\x02\\1\x02\\2',
              'g'
            ),
            '\\u[dD][89a-fA-F][0-9a-fA-F]{2}',
            '\\ufffd',
            'g'
          ),
          E'\x02',
          '\'
        ),
        E'\x01',
        '\\'
      )::jsonb
    ELSE body::jsonb
  END
$$;

-- entry_id is not unique here: an entry that is shipped again under a new epoch is stored again.
CREATE INDEX entries_by_id ON entries (entry_id);

-- The key first: with the agent first, the planner took this index for the entries of an agent it had no statistics of yet, and read all
-- of them for each batch.
DROP INDEX entries_by_key;
CREATE INDEX entries_by_key ON entries (idempotency_key, agent);

-- A column of its own, because the planner takes two columns for different in nearly every row.
ALTER TABLE transactions ADD COLUMN amended boolean NOT NULL GENERATED ALWAYS AS (reading_id <> transaction_id) STORED;
COMMENT ON COLUMN transactions.amended IS 'Whether a later reading took the place of the first.';
CREATE INDEX transactions_amended ON transactions (end_date_time) WHERE amended;

CREATE INDEX transactions_in_doubt ON transactions (end_date_time) WHERE reconciliation = 'unreconciled';

-- Not validated: a constraint that allows more holds for what was stored under the one before.
ALTER TABLE entries
  DROP CONSTRAINT entries_flag_check,
  ADD CONSTRAINT entries_flag_check
    CHECK (flag IN ('unknown-kind', 'projection-failed', 'repeated', 'id-taken', 'unreadable')) NOT VALID;
COMMENT ON COLUMN entries.flag IS 'Null: understood. unknown-kind: stored only. projection-failed: of a known kind, but its data did not fit. repeated: shipped again under a new epoch, count it once. id-taken: another fact has its id, and is the one the tables show. unreadable: no event at all.';
COMMENT ON COLUMN agents.state_at IS 'When an agent connected, took leave or was lost; not moved by a receiver that comes back and finds it so.';

-- JSON may have white space around the colon.
CREATE OR REPLACE VIEW test_entries AS
SELECT e.entry_id, e.agent, e.epoch, e.seq, e.kind, e.occurred_at, d AS data
FROM entries e
CROSS JOIN LATERAL (SELECT entry_json(e.body) -> 'data' AS d) parsed
WHERE e.body LIKE '%"isTest"%' AND d ->> 'isTest' = 'true' AND e.flag IS NULL;
