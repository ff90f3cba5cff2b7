-- What scanners read, who was near, why a proof was refused; and what a person played, which counts nowhere.

ALTER TABLE touch_evidence
  ADD COLUMN doubt text,
  ADD COLUMN proof text,
  ADD COLUMN counter bigint,
  ADD COLUMN last_counter bigint,
  ADD COLUMN issued_at timestamptz,
  ADD COLUMN note text;
CREATE INDEX touch_evidence_by_proof ON touch_evidence (proof, counter) WHERE proof IS NOT NULL;
CREATE INDEX touch_evidence_in_doubt ON touch_evidence (doubt) WHERE doubt IS NOT NULL;
COMMENT ON TABLE touches IS 'One row a card or phone held to a reader, or a member number shown to a scanner. unread_reason tells why nothing usable was read.';
COMMENT ON COLUMN touch_evidence.doubt IS 'Why it counts for less than its type could, e.g. counter-replayed, mac-mismatch, expired. Look here for fraud.';
COMMENT ON COLUMN touch_evidence.proof IS 'What a proof that counts once is known by.';
COMMENT ON COLUMN touch_evidence.last_counter IS 'The counter that the store had seen before, where counter is not above it.';

CREATE VIEW proof_collisions AS
SELECT e.proof, e.counter, count(*) AS touch_count, count(DISTINCT t.agent) AS agent_count,
  array_agg(t.touch_id ORDER BY t.received_at, t.touch_id) AS touch_ids
FROM touch_evidence e
JOIN touches t USING (touch_id)
WHERE e.proof IS NOT NULL AND e.tier = 'proven'
GROUP BY e.proof, e.counter
HAVING count(*) > 1;
COMMENT ON VIEW proof_collisions IS 'The same one-time proof taken in several stores that were offline from one another: at most one of the touches is genuine.';

CREATE TABLE scans (
  scan_id text PRIMARY KEY,
  agent text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  idempotency_key text NOT NULL,
  lane_id text NOT NULL,
  device_id text NOT NULL,
  reading_id text NOT NULL,
  via text NOT NULL,
  symbology text,
  code_kind text NOT NULL,
  gtin text,
  elements jsonb,
  scheme text,
  number text,
  token text,
  token_type text,
  key_version integer,
  occurred_at timestamptz NOT NULL,
  clock_trusted boolean NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (agent, idempotency_key)
);
CREATE INDEX scans_by_gtin ON scans (gtin);
COMMENT ON TABLE scans IS 'One row a code that names no shopper. Member numbers are touches; payment codes and card numbers come without their value.';
COMMENT ON COLUMN scans.elements IS 'GS1 element strings by application identifier.';
COMMENT ON COLUMN scans.token IS 'Of a voucher or an unknown code: enough to know it again.';

CREATE TABLE visits (
  visit_id text PRIMARY KEY,
  agent text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  idempotency_key text NOT NULL,
  zone_id text NOT NULL,
  device_id text,
  beacon_id text NOT NULL,
  token text,
  key_version integer,
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  dwell_ms bigint,
  sightings integer,
  strongest_rssi_dbm real,
  end_reason text,
  occurred_at timestamptz NOT NULL,
  clock_trusted boolean NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX visits_by_zone ON visits (zone_id, first_seen_at);
CREATE INDEX visits_by_token ON visits (token);
COMMENT ON TABLE visits IS 'One row a beacon in a zone, from coming to going. last_seen_at is null while it is there. Nearby is no proof of anybody.';
COMMENT ON COLUMN visits.end_reason IS 'left: heard, and too weak; moved: into another zone; silent: not heard any more.';

CREATE VIEW test_entries AS
SELECT e.entry_id, e.agent, e.epoch, e.seq, e.kind, e.occurred_at, d AS data
FROM entries e
CROSS JOIN LATERAL (SELECT entry_json(e.body) -> 'data' AS d) parsed
WHERE e.body LIKE '%"isTest":true%' AND d ->> 'isTest' = 'true' AND e.flag IS NULL;
COMMENT ON VIEW test_entries IS 'What a person played with storeloop simulate. It is in entries and here, and in no other table.';

CREATE OR REPLACE VIEW transaction_readings AS
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
WHERE e.kind IN ('transaction', 'transaction.amended') AND e.flag IS NULL AND d ->> 'isTest' IS DISTINCT FROM 'true';
