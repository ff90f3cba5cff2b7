-- Rows derived from entries. Each is unique by agent and idempotency key, so an entry shipped twice is one row.
-- Money is in integer minor units of currency_code.

-- jsonb cannot hold U+0000 or half a surrogate pair; in derived rows both become U+FFFD. entries.body keeps them.
CREATE FUNCTION entry_json(body text) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE
    WHEN body ~ '\\u(0000|[dD][89a-fA-F])' THEN
      regexp_replace(
        body,
        '\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}',
        '\\ufffd',
        'g'
      )::jsonb
    ELSE body::jsonb
  END
$$;
COMMENT ON FUNCTION entry_json IS 'The body of an entry as jsonb, with what jsonb cannot hold replaced.';

CREATE TABLE transactions (
  transaction_id text PRIMARY KEY,
  agent text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  idempotency_key text NOT NULL,
  retail_store_id text,
  workstation_id text,
  sequence_number text,
  operator_id text,
  kind text NOT NULL,
  status text NOT NULL,
  end_date_time timestamp,
  currency_code text,
  currency_exponent smallint,
  subtotal_minor bigint,
  total_minor bigint,
  change_minor bigint,
  line_count integer NOT NULL,
  item_count integer,
  member_id text,
  reconciliation text NOT NULL,
  reconciliation_reasons text[] NOT NULL,
  profile text NOT NULL,
  confidence real NOT NULL,
  lane_id text NOT NULL,
  device_id text NOT NULL,
  occurred_at timestamptz NOT NULL,
  clock_trusted boolean NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (agent, idempotency_key)
);
CREATE INDEX transactions_by_receipt ON transactions (retail_store_id, workstation_id, sequence_number);
CREATE INDEX transactions_by_end ON transactions (end_date_time);
COMMENT ON TABLE transactions IS 'One row a printed slip (ARTS POSLog names). Business done: kind in (sale, refund) and status = completed.';
COMMENT ON COLUMN transactions.transaction_id IS 'entries.entry_id of the entry it comes from.';
COMMENT ON COLUMN transactions.end_date_time IS 'As printed: the store''s local time, without offset.';
COMMENT ON COLUMN transactions.occurred_at IS 'When the slip was recorded, by the store machine''s clock.';
COMMENT ON COLUMN transactions.reconciliation IS 'Whether the receipt''s own arithmetic holds: reconciled, unreconciled or not-applicable.';
COMMENT ON COLUMN transactions.confidence IS 'How sure the reading of the slip is, 0 to 1.';

CREATE TABLE line_items (
  transaction_id text NOT NULL REFERENCES transactions ON DELETE CASCADE,
  line_number integer NOT NULL,
  item_id text,
  description text NOT NULL,
  quantity numeric NOT NULL,
  unit_price_minor bigint,
  extended_amount_minor bigint NOT NULL,
  discount_minor bigint,
  voided boolean NOT NULL,
  PRIMARY KEY (transaction_id, line_number)
);
COMMENT ON TABLE line_items IS 'The lines of a transaction, numbered from 1 as printed.';
COMMENT ON COLUMN line_items.extended_amount_minor IS 'Quantity times unit price, before discounts.';

CREATE TABLE discounts (
  transaction_id text NOT NULL REFERENCES transactions ON DELETE CASCADE,
  line_number integer NOT NULL,
  description text NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (transaction_id, line_number)
);
COMMENT ON TABLE discounts IS 'Discounts on whole receipts; positive amounts.';

CREATE TABLE taxes (
  transaction_id text NOT NULL REFERENCES transactions ON DELETE CASCADE,
  line_number integer NOT NULL,
  amount_minor bigint NOT NULL,
  rate numeric,
  included boolean NOT NULL,
  PRIMARY KEY (transaction_id, line_number)
);
COMMENT ON TABLE taxes IS 'Taxes as printed; rate in percent.';

CREATE TABLE tenders (
  transaction_id text NOT NULL REFERENCES transactions ON DELETE CASCADE,
  line_number integer NOT NULL,
  tender_type text NOT NULL,
  amount_minor bigint NOT NULL,
  reference text,
  PRIMARY KEY (transaction_id, line_number)
);
COMMENT ON TABLE tenders IS 'How a transaction was paid (ARTS POSLog Tender). reference is never a card number.';

CREATE TABLE touches (
  touch_id text PRIMARY KEY,
  agent text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  idempotency_key text NOT NULL,
  lane_id text NOT NULL,
  device_id text NOT NULL,
  reading_id text NOT NULL,
  technology text NOT NULL,
  unread_reason text,
  occurred_at timestamptz NOT NULL,
  clock_trusted boolean NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (agent, idempotency_key)
);
COMMENT ON TABLE touches IS 'One row a card held to a reader. unread_reason tells why nothing usable was read.';

CREATE TABLE touch_evidence (
  touch_id text NOT NULL REFERENCES touches ON DELETE CASCADE,
  evidence_number integer NOT NULL,
  evidence_type text NOT NULL,
  tier text NOT NULL,
  token text NOT NULL,
  key_version integer NOT NULL,
  PRIMARY KEY (touch_id, evidence_number)
);
CREATE INDEX touch_evidence_by_token ON touch_evidence (token, evidence_type);
COMMENT ON TABLE touch_evidence IS 'What a touch says of who it was: a token (HMAC, never the raw identifier) and how far it can be trusted.';

CREATE TABLE links (
  link_id text PRIMARY KEY,
  agent text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  idempotency_key text NOT NULL,
  lane_id text NOT NULL,
  transaction_id text NOT NULL,
  touch_id text,
  state text NOT NULL,
  tier text,
  candidate_touch_ids text[] NOT NULL,
  rule text NOT NULL,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (agent, idempotency_key)
);
CREATE INDEX links_by_transaction ON links (transaction_id);
CREATE INDEX links_by_touch ON links (touch_id);
COMMENT ON TABLE links IS 'Which touch belongs to which transaction. No foreign keys: what it names may be flagged projection-failed.';
COMMENT ON COLUMN links.state IS 'linked: one touch; ambiguous: several, none chosen, see candidate_touch_ids.';
