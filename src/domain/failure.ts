import * as z from 'zod/mini'

/**
 * Everything that a user or the world can cause, as values. Each code is stable, carries data and never a finished
 * sentence. docs/failures.md is made from this table and the one in failure-rules.ts.
 */
const text = z.string()
const whole = z.int()
const optionalText = z.optional(z.string())

/** One thing wrong in a configuration file, with its place. Lines and columns count from 1. */
export const ConfigProblem = z.object({
  kind: z.enum([
    'syntax',
    'unknown_key',
    'wrong_type',
    'missing_key',
    'bad_value',
    'bad_name',
    'name_clash',
    'unknown_need',
    'cycle',
    'not_here',
  ]),
  line: whole,
  column: whole,
  /** How many columns the caret line underlines. */
  width: whole,
  /** The line of the file that holds the place. */
  source: text,
  /** The key's path, such as `jobs.test.command`; empty where the text could not be read as TOML. */
  key: text,
  /** The table that holds the key, such as `jobs.test`; empty at the top. */
  table: text,
  found: optionalText,
  expected: optionalText,
  nearest: optionalText,
})
export type ConfigProblem = z.infer<typeof ConfigProblem>

/** A file that a job names, or a pattern, and what is wrong with it. */
export const FileFault = z.object({ path: text, reason: text })
export type FileFault = z.infer<typeof FileFault>

/** Why a job ran whose files might have said that it need not: the first fact that decides. */
export const Stale = z.object({
  because: z.enum([
    'forced',
    'cache_off',
    'no_inputs',
    'tried_again',
    'no_success',
    'failed_since',
    'definition',
    'input_changed',
    'input_added',
    'input_removed',
    'input_changed_meanwhile',
    'output_missing',
    'output_changed',
    'output_added',
    'output_unusable',
  ]),
  /** Of files, or of parts of the definition: the first few. */
  names: z.array(text),
  /** How many there are in all. */
  count: whole,
  /** The run that it was compared with. */
  run: optionalText,
})
export type Stale = z.infer<typeof Stale>

/** What a job that succeeded was given and made, so that the next run can tell whether that still holds. */
export const Fingerprint = z.object({
  /** Salt of the digests of `definition`. */
  salt: text,
  /** A digest for each part of the definition. */
  definition: z.record(text, text),
  /** Digests of lists of files with their contents, which are artifacts. The inputs are those before it started. */
  inputs: z.object({ digest: text, count: whole }),
  outputs: z.object({ digest: text, count: whole }),
  /** Inputs that were not the same any more when it had ended. */
  changed: z.optional(z.object({ names: z.array(text), count: whole })),
})
export type Fingerprint = z.infer<typeof Fingerprint>

/** What a child process left behind when it ended. Times in milliseconds. */
export const CommandReport = z.object({
  argv: z.array(text),
  directory: text,
  started_at: whole,
  ended_at: whole,
  /** The child's exit code; null when a signal ended it or it never started. */
  exit: z.nullable(whole),
  signal: z.nullable(text),
  stdout: z.object({ digest: text, bytes: whole }),
  stderr: z.object({ digest: text, bytes: whole }),
  /** Commitment to the environment that was passed: SHA-256 of salt and canonical JSON. */
  environment: z.object({ salt: text, digest: text, variables: whole }),
  /** Nothing was started: all is as the job left it when it succeeded in this run. */
  up_to_date: z.optional(z.object({ run: text, inputs: whole, outputs: whole })),
  stale: z.optional(Stale),
  fingerprint: z.optional(Fingerprint),
  /** Files that are kept with the run. */
  artifacts: z.optional(z.array(z.object({ path: text, digest: text, bytes: whole }))),
  /** Patterns and files of the job that nothing could be done with, and that changed nothing about its end. */
  file_notes: z.optional(z.array(FileFault)),
})
export type CommandReport = z.infer<typeof CommandReport>

/** How one job of a run ended. */
export const JobOutcome = z.object({
  status: z.enum(['succeeded', 'failed', 'timed_out', 'cancelled', 'declined', 'skipped']),
  /** What stood in the way of a skipped job: the job that did not succeed. */
  because: optionalText,
  /** Why that stood in the way: the job needs it, or the run starts nothing more after a failure. */
  reason: z.optional(z.enum(['need', 'fail_fast'])),
  /** The earlier run whose success counts. */
  reused: optionalText,
})
export type JobOutcome = z.infer<typeof JobOutcome>

const catalogue = {
  usage: {
    means: 'The command line was not understood.',
    data: z.object({
      problem: z.enum([
        'unknown_command',
        'unknown_option',
        'missing_argument',
        'unexpected_argument',
        'missing_value',
        'bad_value',
      ]),
      word: text,
      command: optionalText,
      nearest: optionalText,
      expected: optionalText,
    }),
  },
  not_allowed: {
    means: 'Whoever asks may not do that; an agent never decides for a person.',
    data: z.object({ operation: text, caller: text }),
  },
  config_invalid: {
    means: 'The configuration has mistakes; all of them are listed and nothing was run.',
    /** `more` counts the problems beyond those that are listed. */
    data: z.object({ path: text, problems: z.array(ConfigProblem), more: z.optional(whole) }),
  },
  config_missing: {
    means: 'The configuration file that was asked for is not there.',
    data: z.object({ path: text }),
  },
  project_untrusted: {
    means: 'The project file was not trusted as it is now, so nothing of it is obeyed.',
    data: z.object({
      path: text,
      directory: text,
      reason: z.enum(['new', 'changed', 'open']),
      /** What changed, or may be changed by everybody on the machine. */
      files: z.array(text),
      /** The job that was asked for, and that it defines. */
      job: optionalText,
    }),
  },
  project_missing: {
    means: 'There is no project file in the directory or above it.',
    data: z.object({ directory: text }),
  },
  trust_refused: {
    means: 'Everybody on the machine may change files of the project, so nobody can vouch for them.',
    data: z.object({ path: text, files: z.array(text) }),
  },
  config_unreadable: {
    means: 'The configuration file is there and cannot be read.',
    data: z.object({ path: text, reason: text }),
  },
  directory_invalid: {
    means: 'A directory setting is not an absolute path, or no home directory is known.',
    data: z.object({ setting: text, value: text }),
  },
  unknown_job: {
    means: 'No job of that name is configured.',
    data: z.object({ job: text, needed_by: optionalText, nearest: optionalText, known: z.array(text) }),
  },
  params_invalid: {
    means: 'Parameters of jobs are missing, unknown or have values that they do not take.',
    data: z.object({
      problems: z.array(
        z.object({
          /** The job that declares the parameter; absent where none does. */
          job: optionalText,
          /** The parameter's name; `--` for further arguments. */
          param: text,
          problem: z.enum(['missing', 'unknown', 'type', 'enum', 'pattern', 'nul', 'no_arguments', 'several_jobs']),
          value: optionalText,
          expected: optionalText,
          nearest: optionalText,
        }),
      ),
    }),
  },
  plan_unknown: {
    means: 'No plan of that digest is kept, or more than one begins with it.',
    data: z.object({ plan: text }),
  },
  plan_changed: {
    means: 'What would run now is not what was planned; nothing was run.',
    data: z.object({
      plan: text,
      /** The digest of what would run now. */
      now: text,
      changes: z.array(z.object({ job: text, change: z.enum(['new', 'gone', 'changed']), keys: z.array(text) })),
    }),
  },
  needs_cycle: {
    means: 'Jobs need each other in a circle, so none of them can be first.',
    data: z.object({ cycle: z.array(text) }),
  },
  env_file_invalid: {
    means: 'A file of variables is not there, cannot be read or has a mistake; the command was not started.',
    data: z.object({
      path: text,
      problem: z.enum(['unreadable', 'name', 'equals', 'unclosed', 'escape', 'after_quote', 'nul']),
      line: z.optional(whole),
      column: z.optional(whole),
      /** Why it could not be read, by the system's code. */
      cause: optionalText,
      report: z.optional(CommandReport),
    }),
  },
  secret_unusable: {
    means: 'A secret is missing, empty, unreadable or cannot be masked; the command was not started.',
    data: z.object({
      job: optionalText,
      secret: text,
      source: z.enum(['env', 'file', 'command']),
      /** The variable, the path or the command, as it is configured. */
      from: text,
      reason: z.enum([
        'unset',
        'empty',
        'short',
        'large',
        'binary',
        'unreadable',
        'not_started',
        'exit',
        'killed',
        'slow',
      ]),
      detail: optionalText,
      report: z.optional(CommandReport),
    }),
  },
  secret_exposed: {
    means: 'The value of a secret stands in what a run records, such as a command line or a parameter.',
    data: z.object({
      secret: text,
      job: text,
      key: text,
      /** Whether it stands in the log already, since only a command could tell the value. */
      isRecorded: z.boolean(),
      report: z.optional(CommandReport),
    }),
  },
  program_missing: {
    means: 'The program of a command was not found.',
    data: z.object({ program: text, report: z.optional(CommandReport) }),
  },
  program_not_executable: {
    means: 'The program of a command was found and may not be executed.',
    data: z.object({ program: text, reason: text, report: z.optional(CommandReport) }),
  },
  working_dir_missing: {
    means: 'The directory in which a command should run is not there or not a directory.',
    data: z.object({ directory: text, report: z.optional(CommandReport) }),
  },
  spawn_failed: {
    means: 'The operating system did not start the command.',
    data: z.object({ program: text, reason: text, report: z.optional(CommandReport) }),
  },
  pty_unsupported: {
    means: 'A job wants a terminal of its own, which this system cannot give; the command was not started.',
    data: z.object({ report: z.optional(CommandReport) }),
  },
  command_failed: {
    means: 'A command ended with an exit code other than 0.',
    data: z.object({ exit: whole, report: CommandReport }),
  },
  command_killed: {
    means: 'A signal that we did not send ended a command.',
    data: z.object({ signal: text, report: CommandReport }),
  },
  output_lost: {
    means: 'A command ran and its output could not be kept.',
    data: z.object({ path: text, reason: text, report: z.optional(CommandReport) }),
  },
  input_unusable: {
    means: 'A file that decides whether a job must run is not there or cannot be read; nothing was started.',
    data: z.object({ path: text, reason: text, report: CommandReport }),
  },
  result_unusable: {
    means: 'A command succeeded, and what it should leave behind cannot be read or kept.',
    data: z.object({ kind: z.enum(['output', 'artifact']), path: text, reason: text, report: CommandReport }),
  },
  timed_out: {
    means: 'A step took longer than it was given, and was ended.',
    data: z.object({ timeout_ms: whole, report: z.optional(CommandReport) }),
  },
  cancelled: {
    means: 'The run was cancelled, and what was running was ended.',
    data: z.object({ by: optionalText, signal: optionalText, report: z.optional(CommandReport) }),
  },
  declined: {
    means: 'A question before a job was answered with no, or not in time.',
    data: z.object({ question: text, by: optionalText, expired: z.boolean() }),
  },
  jobs_failed: {
    means: 'One or more jobs of the run did not succeed.',
    data: z.object({ failed: z.array(text), jobs: z.record(text, JobOutcome) }),
  },
  unknown_run: {
    means: 'No run of that id is in the store, or more than one begins with it.',
    data: z.object({ run: text, nearest: optionalText }),
  },
  run_ended: {
    means: 'The run is over, so it can be neither resumed, cancelled nor signalled.',
    data: z.object({ run: text, status: text }),
  },
  nothing_to_retry: {
    means: 'The run is not one that ended without success, so there is nothing to do again.',
    data: z.object({ run: text, status: text }),
  },
  run_owned: {
    means: 'Another living process executes the run.',
    data: z.object({ run: text, owner: text }),
  },
  run_fenced: {
    means: 'Another process took the run over while this one was away; nothing more was written.',
    data: z.object({ run: text, epoch: whole }),
  },
  run_open: {
    means: 'The run is not over, so it cannot be erased.',
    data: z.object({ run: text, status: text }),
  },
  body_erased: {
    means: 'What the run did was erased; that, when and by whom is recorded.',
    data: z.object({ run: text, by: text, at: text, seq: whole }),
  },
  not_confirmed: {
    means: 'What cannot be undone was not confirmed; nothing was done.',
    /** `asked` says whether a person was there to say no. */
    data: z.object({ operation: text, asked: z.boolean() }),
  },
  signal_late: {
    means: 'A signal came after the time until which it was waited for; it was not recorded.',
    data: z.object({ run: text, not_after: whole }),
  },
  workflow_unknown: {
    means: 'The run was made by a workflow that this binary does not have.',
    data: z.object({ workflow: text }),
  },
  workflow_version: {
    means: 'The run was started with another version of its workflow than this binary has.',
    data: z.object({ workflow: text, recorded: whole, available: whole }),
  },
  replay_mismatch: {
    means: 'The workflow asked for something else than its journal holds; nothing was guessed.',
    data: z.object({ run: text, number: whole, recorded: text, found: text }),
  },
  nondeterministic_await: {
    means: 'Workflow code waited for something that is not a command of its context.',
    data: z.object({ detail: text }),
  },
  value_too_large: {
    means: 'A value is too large for the log; large things belong in artifacts.',
    data: z.object({ what: text, bytes: whole, limit_bytes: whole }),
  },
  unknown_question: {
    means: 'No question of that number was asked.',
    data: z.object({ question: text, open: z.array(whole) }),
  },
  question_closed: {
    means: 'The question is no longer open.',
    data: z.object({
      question: whole,
      reason: z.enum(['answered', 'expired', 'run_ended']),
      by: optionalText,
      choice: optionalText,
    }),
  },
  invalid_choice: {
    means: 'The answer is none of the choices that the question offers.',
    data: z.object({ question: whole, choice: text, choices: z.array(text), nearest: optionalText }),
  },
  store_missing: {
    means: 'There is no store yet: nothing was ever run here.',
    data: z.object({ path: text }),
  },
  store_read_only: {
    means: 'The store cannot be written: the directory, the file or the disk is read-only.',
    data: z.object({ path: text, reason: text }),
  },
  store_full: {
    means: 'The disk is full. What was recorded before is kept.',
    data: z.object({ path: text, reason: text }),
  },
  store_busy: {
    means: 'Other processes kept the store locked for too long.',
    data: z.object({ path: text, waited_ms: whole }),
  },
  store_damaged: {
    means: 'The store is damaged or is not a store of ours.',
    data: z.object({ path: text, reason: text }),
  },
  store_newer: {
    means: 'The store was written by a newer version, which this one does not guess at.',
    data: z.object({ path: text, found: whole, known: whole }),
  },
  store_io: {
    means: 'The operating system reported an input or output error on the store.',
    data: z.object({ path: text, reason: text }),
  },
  event_unreadable: {
    means: 'A recorded event cannot be read or does not match its digest; it is left out, not repaired.',
    data: z.object({ run: optionalText, seq: whole, reason: text }),
  },
  key_unusable: {
    means: 'The signing key cannot be read, or others may read it.',
    data: z.object({ path: text, reason: text }),
  },
  file_unreadable: {
    means: 'A file that was named cannot be read, or is not what it should be.',
    data: z.object({ path: text, reason: text }),
  },
  file_unwritable: {
    means: 'A file cannot be written.',
    data: z.object({ path: text, reason: text }),
  },
  file_exists: {
    means: 'A file that would be written is there already. It was left as it is.',
    data: z.object({ path: text }),
  },
  backup_exists: {
    means: 'A backup is a new directory, and something has that name already. Nothing was changed.',
    data: z.object({ path: text }),
  },
  file_missing: {
    means: 'A file that was named is not there.',
    data: z.object({ path: text }),
  },
  file_special: {
    means: 'A file that was named is a pipe, a socket or a device: it has no content that stays.',
    data: z.object({ path: text, kind: z.enum(['pipe', 'socket', 'device', 'unknown']) }),
  },
  file_changed: {
    means: 'A file changed while it was read, so what was read is no state that it ever had.',
    data: z.object({ path: text, how: z.enum(['grew', 'shrank', 'written', 'touched', 'replaced', 'removed']) }),
  },
  link_broken: {
    means: 'A symbolic link leads to a file that is not there.',
    data: z.object({ path: text, target: text }),
  },
  link_loop: {
    means: 'Symbolic links lead in a circle.',
    data: z.object({ path: text }),
  },
  hash_without_file: {
    means: 'Nothing was named that could be hashed.',
    data: z.object({ option: text }),
  },
  algorithm_unknown: {
    means: 'Files cannot be hashed with an algorithm of that name.',
    data: z.object({ algorithm: text, nearest: optionalText, known: z.array(text) }),
  },
  manifest_unusable: {
    means: 'A manifest of checksums has no line that could be checked.',
    data: z.object({
      path: text,
      malformed: whole,
      first: z.optional(z.object({ line: whole, text, reason: text })),
      /** Files of it that are not there and were to be passed over. */
      passed_over: whole,
    }),
  },
  internal: {
    means: 'A bug of ours. The log file has the details under the incident.',
    data: z.object({ incident: text, detail: text }),
  },
} as const satisfies Record<string, FailureEntry>

interface FailureEntry {
  /** One sentence for the catalogue in docs/failures.md. */
  readonly means: string
  readonly data: z.ZodMiniObject
}

export type FailureCode = keyof typeof catalogue
export type Failure = {
  [Code in FailureCode]: { readonly code: Code } & z.infer<(typeof catalogue)[Code]['data']>
}[FailureCode]
/** One kind of failure, by its code. */
export type FailureOf<Code extends FailureCode> = Extract<Failure, { readonly code: Code }>

/**
 * The table behind the union, for documents and their schemas. What the program asks of a failure is in
 * failure-rules.ts.
 */
export const failureCatalogue: Readonly<Record<FailureCode, FailureEntry>> = catalogue
