import type { DiffedRuns } from '#app/operations/diff-runs.ts'
import type { JobDiff, JobSide, KeyChange } from '#app/run-diff.ts'
import { formatDuration } from '#base/duration.ts'
import { cut, onOneLine } from '#base/text.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { Io } from '../io.ts'
import { widthOf } from '../job-lines.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

/** How much of a value is shown. */
const SHOWN_VALUE = 60

/** `runs diff`: a line a job, and below it what was different about it. */
export const runsDiff = mount<DiffedRuns>(({ io, json }) => ({
  answer: (diff) => {
    if (json) printJson(io, 'runs diff', documentOf(diff))
    else io.out(textOf(diff, io))
    return 0
  },
}))

function documentOf({ first, second, sameConfig, jobs }: DiffedRuns): object {
  const rows = jobs.map(({ first: left, second: right, ...rest }) => ({
    ...rest,
    changes: rest.changes.map(({ key, first: was = null, second: is = null }) => ({ key, first: was, second: is })),
    first: snakeKeys(left),
    second: snakeKeys(right),
  }))
  return { first: first.id, second: second.id, same_config: sameConfig, jobs: rows }
}

function textOf({ first, second, sameConfig, jobs }: DiffedRuns, io: Io): string {
  const width = widthOf(
    jobs.map(({ job }) => job),
    io.columns(),
  )
  const lines = [
    ...[first, second].map(({ name, id, queuedAt }) => `${onOneLine(name)} · ${wholeSeconds(queuedAt)} · ${id}`),
    ...jobs.flatMap((job) => jobLines(job, width)),
    ...(sameConfig ? [] : ['the configuration has another text']),
  ]
  return `${lines.join('\n')}\n`
}

function jobLines(diff: JobDiff, width: number): readonly string[] {
  const { job, changes, first, second } = diff
  const head = `  ${onOneLine(job).padEnd(width)}  ${headOf(diff)}`
  const outputs = (['stdout', 'stderr'] as const).filter(
    (stream) => first[stream] !== null && second[stream] !== null && first[stream] !== second[stream],
  )
  const indent = ' '.repeat(width + 4)
  return [
    head,
    ...changes.map((change) => `${indent}${changeText(change)}`),
    ...(outputs.length === 0 ? [] : [`${indent}other ${outputs.join(' and ')}`]),
  ]
}

function headOf({ in: where, first, second }: JobDiff): string {
  if (where !== 'both') return `only in the ${where}: ${sideText(where === 'first' ? first : second)}`
  const [before, after] = [sideText(first), sideText(second)]
  return before === after ? before : `${before} → ${after}`
}

function sideText({ outcome, exit, durationMs }: JobSide): string {
  const time = durationMs === null ? '' : ` ${formatDuration(durationMs)}`
  switch (outcome) {
    case 'ok':
      return `ok${time}`
    case 'failed':
      return `exit ${exit}${time}`
    case 'reused':
      return 'reused'
    default:
      return 'did not run'
  }
}

function changeText({ key, first, second }: KeyChange): string {
  return `${key}: ${valueText(first)} → ${valueText(second)}`
}

function valueText(value: KeyChange['first']): string {
  return value === undefined ? '-' : cut(JSON.stringify(value), SHOWN_VALUE)
}
