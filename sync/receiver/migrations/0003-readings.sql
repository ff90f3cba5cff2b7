-- What readings say since fiscal codes, rounding and reports are read; and readings that take the place of earlier ones.

ALTER TABLE transactions
  ADD COLUMN original_sequence_number text,
  ADD COLUMN rounding_minor bigint,
  ADD COLUMN report_number text,
  ADD COLUMN report_count integer,
  ADD COLUMN gross_minor bigint,
  ADD COLUMN refund_minor bigint,
  ADD COLUMN net_minor bigint,
  ADD COLUMN first_sequence_number text,
  ADD COLUMN last_sequence_number text,
  ADD COLUMN repeat_of_transaction_id text,
  ADD COLUMN reading_id text,
  ADD COLUMN reading_seq bigint;
UPDATE transactions SET reading_id = transaction_id, reading_seq = seq;
ALTER TABLE transactions
  ALTER COLUMN reading_id SET NOT NULL,
  ALTER COLUMN reading_seq SET NOT NULL;
CREATE UNIQUE INDEX transactions_by_reading ON transactions (reading_id);
COMMENT ON COLUMN transactions.original_sequence_number IS 'On a refund, the receipt that is given back.';
COMMENT ON COLUMN transactions.rounding_minor IS 'What rounding to the smallest coin added to what was paid.';
COMMENT ON COLUMN transactions.report_number IS 'On an X or Z report, its counter; its period''s figures stand beside, its tenders in tenders.';
COMMENT ON COLUMN transactions.repeat_of_transaction_id IS 'The same slip under another entry, which only a later reading showed; this one has status duplicate.';
COMMENT ON COLUMN transactions.reading_id IS 'entries.entry_id of the reading shown: transaction_id, or the newest transaction.amended.';

ALTER TABLE line_items
  ADD COLUMN item_id_fault text,
  ADD COLUMN embedded_price_minor bigint,
  ADD COLUMN embedded_weight numeric,
  ADD COLUMN tax_code text;
COMMENT ON COLUMN line_items.extended_amount_minor IS 'What the line comes to, its discount taken off. Voided lines count in no sum.';
COMMENT ON COLUMN line_items.item_id_fault IS 'CHECK_DIGIT: as long as a GTIN, and its check digit is wrong.';
COMMENT ON COLUMN line_items.embedded_weight IS 'Weight in the item code, in kilograms.';

ALTER TABLE taxes
  ADD COLUMN tax_code text,
  ADD COLUMN net_minor bigint,
  ADD COLUMN gross_minor bigint;

ALTER TABLE tenders ADD COLUMN merchant_reference text;
COMMENT ON COLUMN tenders.merchant_reference IS 'The shop''s own number of the payment.';

CREATE TABLE fiscal_codes (
  transaction_id text NOT NULL REFERENCES transactions ON DELETE CASCADE,
  line_number integer NOT NULL,
  fiscal_kind text NOT NULL,
  source text NOT NULL,
  total_minor bigint,
  members jsonb NOT NULL,
  PRIMARY KEY (transaction_id, line_number)
);
COMMENT ON TABLE fiscal_codes IS 'Fiscal codes on slips: tse, rksv, atcud, fapiao. members has what the code says, as docs/schemas describes it.';

CREATE VIEW transaction_readings AS
SELECT
  e.entry_id AS reading_id,
  coalesce(d ->> 'transactionEntryId', e.entry_id) AS transaction_id,
  e.agent,
  e.epoch,
  e.seq,
  e.occurred_at,
  d ->> 'kind' AS kind,
  d ->> 'status' AS status,
  d ->> 'sequenceNumber' AS sequence_number,
  d -> 'totalMinor' AS total_minor,
  d -> 'reconciliation' ->> 'state' AS reconciliation,
  d ->> 'profile' AS profile,
  d AS data
FROM entries e
CROSS JOIN LATERAL (SELECT entry_json(e.body) -> 'data' AS d) reading
WHERE e.kind IN ('transaction', 'transaction.amended') AND e.flag IS NULL;
COMMENT ON VIEW transaction_readings IS 'Every reading of every slip, the replaced ones too. Parses the entries: ask it for few rows at a time.';
