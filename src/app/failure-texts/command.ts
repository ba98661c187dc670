import { formatDuration } from '#base/duration.ts'
import { count, onOneLine } from '#base/text.ts'
import type { FailureOf } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { fileFaultText } from '../file-fault-text.ts'
import {
  type FailureText,
  listed,
  pathText,
  quoted,
  reasonText,
  shellWord,
  steps,
  type TextsFor,
  words,
} from './text.ts'

type CommandCode =
  | 'program_missing'
  | 'program_not_executable'
  | 'working_dir_missing'
  | 'spawn_failed'
  | 'command_failed'
  | 'command_killed'
  | 'output_lost'
  | 'input_unusable'
  | 'result_unusable'
  | 'timed_out'
  | 'cancelled'
  | 'declined'
  | 'jobs_failed'

/** What became of a job and its command. */
export const commandTexts: TextsFor<CommandCode> = {
  program_missing: ({ program, report }, home) =>
    words(`program not found: ${quoted(program)}`, {
      detail: ranIn(report, home),
      todo: ['install the program, correct "command" in the configuration, or extend PATH'],
    }),
  program_not_executable: ({ program, reason, report }, home) =>
    words(`the program may not be executed: ${quoted(program)}`, {
      detail: [reasonText(reason), ...ranIn(report, home)],
      todo: steps(['permit it', `chmod +x ${shellWord(program)}`]),
    }),
  working_dir_missing: ({ directory }, home) =>
    words(`the working directory is not there, or is no directory: ${pathText(directory, home)}`, {
      todo: ['create it, or correct "working_dir" in the configuration'],
    }),
  spawn_failed: ({ program, reason, report }, home) =>
    words(`the operating system did not start ${quoted(program)}`, {
      detail: [reasonText(reason), ...ranIn(report, home)],
      todo: ['try again once the machine can start it'],
    }),
  command_failed: ({ exit, report }, home) =>
    words(`the command ended with exit code ${exit}${lasted(report)}`, {
      detail: ranIn(report, home),
      todo: outputSteps(),
    }),
  command_killed: ({ signal, report }, home) =>
    words(`signal ${onOneLine(signal)} from elsewhere ended the command${lasted(report)}`, {
      detail: ranIn(report, home),
      todo: outputSteps(),
    }),
  output_lost: ({ path, reason }, home) =>
    words(`the output of the command could not be kept in ${pathText(path, home)}`, {
      detail: [reasonText(reason)],
      todo: ['make room or give write permission there, then run the job again'],
    }),
  input_unusable: ({ path, reason, report }, home) =>
    words(`the input ${quoted(path)} ${fileFaultText(reason)}`, {
      detail: [`in: ${pathText(report.directory, home)}`, 'nothing was started'],
      todo: [
        'put it right, correct "inputs" in the configuration, or leave it out with a pattern that begins with "!"',
      ],
    }),
  result_unusable: ({ kind, path, reason, report }, home) =>
    words(`the command succeeded, but its ${kind} ${quoted(path)} ${fileFaultText(reason)}`, {
      detail: ranIn(report, home),
      todo: [`correct "${kind}s" in the configuration, or leave it out with a pattern that begins with "!"`],
    }),
  timed_out: ({ timeout_ms, report }, home) =>
    words(`took longer than ${formatDuration(timeout_ms)} and was ended`, {
      detail: ranIn(report, home),
      todo: [
        ...outputSteps(),
        'raise "timeout_seconds", of a node "timeout", in the configuration if it needs more time',
      ],
    }),
  cancelled: ({ by, signal }) =>
    words(
      `cancelled${by === undefined ? '' : ` by ${onOneLine(by)}`}${signal === undefined ? '' : ` (${onOneLine(signal)})`}`,
      {
        todo: anew(undefined),
      },
    ),
  declined,
  jobs_failed: ({ failed, jobs }) =>
    words(failedText(failed, jobs), {
      detail: skippedLines(jobs),
      todo: outputSteps(ownFailures(failed, jobs)[0]),
    }),
}

function declined({ question, job, by, expired }: FailureOf<'declined'>): FailureText {
  const headline = expired
    ? 'nobody answered in time'
    : `answered with no${by === undefined ? '' : ` by ${onOneLine(by)}`}`
  return words(headline, { detail: [`the question was: ${onOneLine(question)}`], todo: anew(job) })
}

function lasted(report: CommandReport): string {
  return ` after ${formatDuration(report.ended_at - report.started_at)}`
}

function ranIn(report: CommandReport | undefined, home: string | undefined): readonly string[] {
  if (report === undefined) return []
  const command = onOneLine(report.argv.map(shellWord).join(' '))
  return [
    `command: ${command.length > 200 ? `${command.slice(0, 199)}…` : command}`,
    `in: ${pathText(report.directory, home)}`,
  ]
}

function failedText(failed: readonly string[], jobs: FailureOf<'jobs_failed'>['jobs']): string {
  const named = ownFailures(failed, jobs)
  const skipped = failed.length - named.length
  const others = skipped === 0 ? '' : `; ${count(skipped, 'job')} skipped`
  return `${named.length === 1 ? 'a job' : `${named.length} jobs`} did not succeed: ${listed(named)}${others}`
}

/** Those that failed by themselves stand for those that were skipped for them. */
function ownFailures(failed: readonly string[], jobs: FailureOf<'jobs_failed'>['jobs']): readonly string[] {
  const own = failed.filter((job) => jobs[job]?.status !== 'skipped')
  return own.length === 0 ? failed : own
}

function skippedLines(jobs: FailureOf<'jobs_failed'>['jobs']): readonly string[] {
  const skipped = Object.entries(jobs).filter(([, { status }]) => status === 'skipped')
  return skipped.map(
    ([job, { because }]) =>
      `${onOneLine(job)} was skipped${because === undefined ? '' : `: needs ${onOneLine(because)}`}`,
  )
}

/** A failure that was recorded by an earlier version does not say which job it was. */
function anew(job: string | undefined): readonly string[] {
  return job === undefined
    ? steps(['jobs', 'orchastration list'])
    : steps(['start anew', `orchastration run ${shellWord(job)}`])
}

/** A job's name stands for its latest run. */
function outputSteps(job?: string): readonly string[] {
  if (job !== undefined) return steps(['output', `orchastration runs logs ${shellWord(job)} ${shellWord(job)}`])
  return steps(['runs', 'orchastration runs list'], ['output', 'orchastration runs logs <run>'])
}
