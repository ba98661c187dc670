-- The log: the only truth. Rows are added, never changed; erasing empties `body` and `salt` alone.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  run_id TEXT,
  run_seq INTEGER,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  tenant TEXT NOT NULL,
  type TEXT NOT NULL,
  version INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  dedupe_key TEXT,
  body TEXT,
  salt TEXT,
  body_digest TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_of_run ON events (run_id, run_seq) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX events_by_dedupe_key ON events (run_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX events_from_outside ON events (seq) WHERE type IN ('signal.received', 'run.cancel_requested');

-- Which definition of the projections (projections.sql and the folds) the tables were made by.
CREATE TABLE projections (
  definition TEXT NOT NULL
) STRICT;

-- Signed statements about the log: its first `size` events end in a certain hash.
CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;
