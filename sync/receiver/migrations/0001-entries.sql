-- Entries as they came, and how far each agent has been taken. Written by the receiver only.

CREATE TABLE agents (
  agent text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('online', 'offline')),
  agent_version text,
  epoch text,
  head_seq bigint,
  state_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE agents IS 'What each agent last said of itself. For people: nothing is decided by it.';
COMMENT ON COLUMN agents.head_seq IS 'Last entry in the agent''s ledger when it connected.';
COMMENT ON COLUMN agents.state_at IS 'When the receiver last heard a birth, a farewell or a last will.';

CREATE TABLE epochs (
  agent text NOT NULL,
  epoch text NOT NULL,
  first_seq bigint NOT NULL,
  base_hash bytea NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  advanced_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agent, epoch)
);
COMMENT ON TABLE epochs IS 'The watermark of each epoch of each agent: every entry up to seq is stored. This is what the receiver acknowledges.';
COMMENT ON COLUMN epochs.hash IS 'Chain hash at seq.';

CREATE TABLE entries (
  agent text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  entry_id text,
  kind text,
  idempotency_key text,
  occurred_at timestamptz,
  clock_trusted boolean,
  flag text CHECK (flag IN ('unknown-kind', 'projection-failed', 'repeated', 'unreadable')),
  received_at timestamptz NOT NULL DEFAULT now(),
  hash bytea NOT NULL,
  body text,
  body_bytes bytea,
  PRIMARY KEY (agent, epoch, seq),
  CHECK ((body IS NULL) <> (body_bytes IS NULL))
);
CREATE INDEX entries_by_key ON entries (agent, idempotency_key);
CREATE INDEX entries_flagged ON entries (flag, received_at) WHERE flag IS NOT NULL;
COMMENT ON TABLE entries IS 'Every ledger entry as it came, in the order of seq. Never updated but for flag, never deleted by the receiver.';
COMMENT ON COLUMN entries.seq IS 'Position in the agent''s ledger. Order comes from here, not from occurred_at.';
COMMENT ON COLUMN entries.entry_id IS 'The CloudEvent id; the primary key of the row derived from this entry.';
COMMENT ON COLUMN entries.occurred_at IS 'The store machine''s wall clock. Wrong when clock_trusted is false.';
COMMENT ON COLUMN entries.flag IS 'Null: understood. unknown-kind: stored only. projection-failed: of a known kind, but its data did not fit. repeated: shipped again under a new epoch, count it once. unreadable: no event at all.';
COMMENT ON COLUMN entries.hash IS 'Chain hash up to and including this entry.';
COMMENT ON COLUMN entries.body IS 'The CloudEvent exactly as received; cast to jsonb to look inside.';
COMMENT ON COLUMN entries.body_bytes IS 'The bytes as received when they are no text (flag unreadable).';

CREATE TABLE alarms (
  agent text NOT NULL,
  epoch text NOT NULL,
  kind text NOT NULL,
  detail text NOT NULL,
  occurrences bigint NOT NULL DEFAULT 1,
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agent, epoch, kind)
);
COMMENT ON TABLE alarms IS 'What people must look at: fork, epoch-begun, epoch-hole, batch-refused. docs/cloud.md says what each asks for.';
COMMENT ON COLUMN alarms.detail IS 'Particulars of the latest occurrence.';
