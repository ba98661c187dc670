import type { JobEnd } from '#app/command-ends.ts'
import { fileFaultText } from '#app/file-fault-text.ts'
import { formatDuration } from '#base/duration.ts'
import { cut, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { Failure } from '#domain/failure.ts'
import { upToDateText } from './file-words.ts'
import type { Paint } from './io.ts'
import type { JobState, UnendedState } from './job-states.ts'

/** The columns that names of jobs have. */
export const LEAST_WIDTH = 8
/** What stands before and behind the names, and some words of why. */
const BESIDE = 40

/** In fewer columns nothing is set in columns. */
export const NARROW = 40

export interface Layout {
  readonly width: number
  readonly paint: Paint
}

/** How wide the column of names is: a name that is too long for it moves its own row only. */
export function widthOf(jobs: readonly string[], columns: number): number {
  if (columns < NARROW) return 0
  const longest = jobs.reduce((most, job) => Math.max(most, job.length), LEAST_WIDTH)
  return Math.min(longest, Math.max(LEAST_WIDTH, columns - BESIDE))
}

/** `  ok    install   1.2s`: words first, so that colour says nothing on its own. */
export function jobLine(name: string, state: JobState | undefined, layout: Layout): string {
  const label = onOneLine(name).padEnd(layout.width)
  if (state?.kind === 'ended') return endedLine(label, state.end, layout.paint)
  if (state?.kind === 'running') return `  run   ${label.trimEnd()}\n`
  if (state === undefined) return `  -     ${label.trimEnd()}\n`
  if (state.kind === 'reused')
    return `  ${layout.paint.good('ok')}    ${label}           reused from run ${state.run}\n`
  return `  -     ${label}           ${notRunText(state)}\n`
}

/** A job that ended before this process took the run over, and does not run again. */
export function recordedLine({ job, failure }: JobEnd, width: number): string {
  const state = failure === undefined ? 'ok' : causeOf(failure)
  return `  -     ${onOneLine(job).padEnd(width)}           ${state}, recorded before\n`
}

/** The line that moves: what runs and for how long, in the columns of the others; names give way, times do not. */
export function movingLine(
  running: readonly { readonly name: string; readonly runsMs: number }[],
  { width, columns }: { readonly width: number; readonly columns: number },
): string {
  const [first, ...others] = running
  if (first === undefined) return ''
  let line = `  run   ${cut(first.name, width).padEnd(width)}  ${formatDuration(first.runsMs).padStart(6)}`
  for (const [index, { name, runsMs }] of others.entries()) {
    const left = others.length - index
    const next = `${line} · ${cut(name, width)} ${formatDuration(runsMs)}`
    const room = left === 1 ? 0 : ` · ${left - 1} more`.length
    if (next.length + room >= columns) {
      line += ` · ${left} more`
      break
    }
    line = next
  }
  return line.length < columns ? line : line.slice(0, Math.max(0, columns - 1))
}

function endedLine(label: string, { report, failure }: JobEnd, paint: Paint): string {
  const time = formatDuration(report.ended_at - report.started_at).padStart(6)
  const upToDate = upToDateText(report)
  const beside = upToDate === undefined ? '' : `   ${upToDate}`
  if (failure === undefined) return `  ${paint.good('ok')}    ${label}  ${time}${beside}\n`
  // Somebody wanted it so: nothing is wrong with the job.
  if (isCancelled(failure)) return `  -     ${label}  ${time}   ${causeOf(failure)}\n`
  return `  ${paint.bad('FAIL')}  ${label}  ${time}   ${causeOf(failure)}\n`
}

/** Whether it was ended because somebody wanted no more of the run. */
export function isCancelled(failure: Failure): boolean {
  return failure.code === 'cancelled'
}

/** Why a job has no end of its own. */
export function notRunText(state: UnendedState): string {
  switch (state.kind) {
    case 'running':
      return 'has no recorded end'
    case 'skipped':
      return `skipped: ${state.reason === 'need' ? 'needs ' : ''}${onOneLine(state.because)}${state.reason === 'need' ? '' : ' failed before'}`
    case 'declined':
      return `declined: ${state.by === undefined ? 'nobody answered in time' : `no by ${onOneLine(state.by)}`}`
    case 'cancelled':
      return state.hasBegun ? 'cancelled' : 'cancelled before it began'
    case 'not_run':
      return 'did not run'
    default:
      return unreachable(state)
  }
}

/** Why a job did not succeed, in two or three words; how long it took stands beside it. */
export function causeOf(failure: Failure): string {
  switch (failure.code) {
    case 'command_failed':
      return `exit ${failure.exit}`
    case 'command_killed':
      return `killed by ${onOneLine(failure.signal)}`
    case 'program_missing':
      return `program not found: ${onOneLine(failure.program)}`
    case 'program_not_executable':
      return `not executable: ${onOneLine(failure.program)}`
    case 'input_unusable':
      return `input ${onOneLine(failure.path)} ${fileFaultText(failure.reason)}`
    case 'result_unusable':
      return `${failure.kind} ${onOneLine(failure.path)} ${fileFaultText(failure.reason)}`
    case 'working_dir_missing':
      return `no such directory: ${onOneLine(failure.directory)}`
    default:
      return failure.code.replaceAll('_', ' ')
  }
}
