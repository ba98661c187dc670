/** A row of a table: what it is about, and what is to be said. */
export type ManualRow = readonly [left: string, right: string]

/** What the program is, in a sentence. */
export const PURPOSE = 'run jobs as durable, provable runs'

/** Exit codes, as every command has them. */
export const exitCodes: readonly ManualRow[] = [
  ['0', 'everything that was asked for succeeded'],
  ["the job's own", 'one job was asked for, ran, and failed'],
  [
    '1',
    'a job that the requested one needs failed; of several jobs or runs at least one failed; doctor found a problem',
  ],
  ['2', 'usage, configuration, or something named is not there'],
  ['3', 'the run is not over: it waits for a person or a time, or goes on elsewhere'],
  ['4, 5, 6, 7, 8', 'verify, backup: altered, behind, unknown key, projections differ, unreadable'],
  ['70', 'a bug of ours; the log file has the details'],
  ['124', 'a job timed out, or runs wait did'],
  ['126, 127', 'the program may not be executed, was not found'],
  ['128 + n', 'ended by signal n'],
]

/** Where things lie, unless a variable or an option says otherwise. */
export const files: readonly ManualRow[] = [
  ['~/.config/orchastration/config.toml', 'the configuration'],
  ['orchastration.toml', "a project's configuration, over it once it is trusted; in a directory or above it"],
  ['~/.cache/orchastration/state', 'JSON records of jobs, for people and scripts'],
  ['~/.cache/orchastration/orchastration.log', 'the log file; .1, .2 and so on are those before it'],
  ['~/.local/state/orchastration', 'the store: the log of all runs, and what their jobs wrote'],
  [
    '~/.local/share/orchastration',
    'the signing key, how far each store is known to go, and which projects are trusted',
  ],
]

/** Variables that are read, and those that a job is given. */
export const variables: readonly ManualRow[] = [
  [
    'ORCHASTRATION_TRUSTED_PATHS',
    'directories in which every orchastration.toml counts, separated as in PATH; absolute paths',
  ],
  ['ORCHASTRATION_STATE_DIR', 'where records and store lie, as with --state-dir'],
  ['XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_STATE_HOME, XDG_DATA_HOME', 'the directories above; absolute paths'],
  ['NO_COLOR', 'where it is not empty: no colour'],
  ['CLICOLOR_FORCE, FORCE_COLOR', 'where one is not empty: colour into files and pipes, too'],
  ['CLICOLOR', '0: no colour on a terminal'],
  ['TERM', 'dumb: no colour, and nothing that moves'],
  ['ORCHASTRATION_RUN_ID', 'given to a job: the run it belongs to'],
  ['ORCHASTRATION_IDEMPOTENCY_KEY', 'given to a job: equal for every start of the same step'],
  ['ORCHASTRATION_ATTEMPT', 'given to a job: 1 at first, one more with each retry'],
  ['ORCHASTRATION_STEP', 'given to a job: by it what a job left running is found'],
  ['ORCHASTRATION_CONTEXT', 'given to the command of an agent: what it reads, as one JSON object'],
  ['PARAM_<NAME>', 'given to a job: the value of its parameter'],
]
