import type { ArgumentSpec, OptionSpec } from '../command-spec.ts'

// Words that several commands take.

export const job: ArgumentSpec = {
  name: 'job',
  required: true,
  completes: 'job',
  summary: 'a job of the configuration',
}
export const run: ArgumentSpec = {
  name: 'run',
  required: true,
  completes: 'run',
  summary: "a run's id, its beginning, or a job's name for its latest run",
}
export const parallel: OptionSpec = {
  flag: 'jobs',
  short: 'j',
  value: 'N',
  choices: 'whole number',
  summary: 'how many jobs may run at the same time',
}
export const keepGoing: OptionSpec = {
  flag: 'keep-going',
  short: 'k',
  summary: 'after a failure, go on with all that does not need it',
}
export const detach: OptionSpec = { flag: 'detach', summary: 'start in the background and return at once' }
export const force: OptionSpec = { flag: 'force', summary: 'run every job, whether its files have changed or not' }
