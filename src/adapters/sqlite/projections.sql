-- Views of the log, folded event by event in the transaction that appends it. Any of them can be thrown away.
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  workflow TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  owner TEXT,
  ready_at INTEGER,
  queued_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  erased_at INTEGER,
  -- 1 once an agent's turn came from a script.
  scripted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX open_runs ON runs (status, ready_at) WHERE ended_at IS NULL;
CREATE INDEX runs_by_status ON runs (status, id);

-- Runs that go on from a step of an earlier one.
CREATE TABLE forks (
  run_id TEXT PRIMARY KEY,
  of_run TEXT NOT NULL,
  step TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX forks_of_run ON forks (of_run, run_id);

-- What a run is called by: its name, and each of its jobs, those it only reached by needs included.
CREATE TABLE run_jobs (
  job TEXT NOT NULL,
  run_id TEXT NOT NULL,
  PRIMARY KEY (job, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE waits (
  run_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT,
  due_at INTEGER,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  wait INTEGER,
  text TEXT NOT NULL,
  choices TEXT NOT NULL,
  asker TEXT NOT NULL,
  addressee TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  deadline INTEGER,
  state TEXT NOT NULL,
  choice TEXT,
  closed_by TEXT,
  closed_at INTEGER,
  -- A fork asks what was open in the run that it goes on from.
  UNIQUE (id, run_id)
) STRICT;
CREATE INDEX open_questions ON questions (run_id) WHERE state = 'open';

-- The end of each job that the latest event tells; that event is `seq`, since erased ends are told later than they were.
CREATE TABLE last_jobs (
  job TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  exit INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far something was counted.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Ends of jobs that say something about their files, by which it is found whether a job is up to date.
CREATE TABLE checked_ends (
  job TEXT NOT NULL,
  directory TEXT NOT NULL,
  seq INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  PRIMARY KEY (job, directory, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX checked_ends_of_run ON checked_ends (run_id);

-- What was done with tasks. Where a task stands is what its latest build says, else the latest of all.
CREATE TABLE task_actions (
  task TEXT NOT NULL,
  seq INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  action TEXT NOT NULL,
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  about TEXT,
  PRIMARY KEY (task, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_actions_of_run ON task_actions (run_id);
