import type { FailureCode } from './failure.ts'

/** What follows from a failure, whoever meets it. */
export interface FailureRule {
  /** The process's exit code when this failure ends a command. */
  readonly exit: number
  /** The program by itself, only after a person changed something, or nobody: it cannot end otherwise. */
  readonly retry: 'later' | 'person' | 'never'
}

/** Apart from the schemas of the failures: making those takes 2.5 ms, and every start needs this table alone. */
export const failureRules: Readonly<Record<FailureCode, FailureRule>> = {
  usage: { exit: 2, retry: 'person' },
  not_allowed: { exit: 2, retry: 'never' },
  config_invalid: { exit: 2, retry: 'person' },
  config_missing: { exit: 2, retry: 'person' },
  config_unreadable: { exit: 2, retry: 'person' },
  directory_invalid: { exit: 2, retry: 'person' },
  unknown_job: { exit: 2, retry: 'person' },
  params_invalid: { exit: 2, retry: 'person' },
  plan_unknown: { exit: 2, retry: 'person' },
  plan_changed: { exit: 2, retry: 'person' },
  needs_cycle: { exit: 2, retry: 'person' },
  env_file_invalid: { exit: 2, retry: 'person' },
  secret_unusable: { exit: 2, retry: 'later' },
  secret_exposed: { exit: 2, retry: 'person' },
  program_missing: { exit: 127, retry: 'person' },
  program_not_executable: { exit: 126, retry: 'person' },
  working_dir_missing: { exit: 2, retry: 'person' },
  spawn_failed: { exit: 126, retry: 'later' },
  command_failed: { exit: 1, retry: 'later' },
  command_killed: { exit: 1, retry: 'later' },
  output_lost: { exit: 1, retry: 'person' },
  timed_out: { exit: 124, retry: 'later' },
  cancelled: { exit: 130, retry: 'person' },
  declined: { exit: 1, retry: 'person' },
  jobs_failed: { exit: 1, retry: 'person' },
  unknown_run: { exit: 2, retry: 'person' },
  run_ended: { exit: 2, retry: 'never' },
  nothing_to_retry: { exit: 2, retry: 'never' },
  run_owned: { exit: 2, retry: 'later' },
  run_fenced: { exit: 1, retry: 'later' },
  signal_late: { exit: 2, retry: 'never' },
  workflow_unknown: { exit: 2, retry: 'person' },
  workflow_version: { exit: 2, retry: 'person' },
  replay_mismatch: { exit: 1, retry: 'person' },
  nondeterministic_await: { exit: 1, retry: 'person' },
  value_too_large: { exit: 1, retry: 'never' },
  unknown_question: { exit: 2, retry: 'person' },
  question_closed: { exit: 2, retry: 'never' },
  invalid_choice: { exit: 2, retry: 'person' },
  store_missing: { exit: 2, retry: 'person' },
  store_read_only: { exit: 1, retry: 'person' },
  store_full: { exit: 1, retry: 'later' },
  store_busy: { exit: 1, retry: 'later' },
  store_damaged: { exit: 8, retry: 'person' },
  store_newer: { exit: 2, retry: 'person' },
  store_io: { exit: 1, retry: 'later' },
  event_unreadable: { exit: 8, retry: 'never' },
  key_unusable: { exit: 1, retry: 'person' },
  file_unreadable: { exit: 2, retry: 'person' },
  file_unwritable: { exit: 1, retry: 'person' },
  backup_exists: { exit: 2, retry: 'person' },
  internal: { exit: 70, retry: 'never' },
}
