import type { JobEnd } from '#app/follow.ts'
import { formatDuration } from '#base/duration.ts'
import { printable } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { Paint } from './io.ts'

/** How a job stands, for its line. */
export type JobState =
  | { readonly kind: 'ended'; readonly end: JobEnd }
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled' }

/** `  ok    install   1.2s`: words first, so that colour says nothing on its own. */
export function jobLine(
  name: string,
  state: JobState,
  layout: { readonly width: number; readonly paint: Paint },
): string {
  const { paint, width } = layout
  const label = printable(name).padEnd(width)
  switch (state.kind) {
    case 'ended':
      return endedLine(label, state.end, paint)
    case 'skipped':
      return `  -     ${label}          skipped: needs ${state.because}\n`
    case 'declined':
      return `  -     ${label}          declined\n`
    case 'cancelled':
      return `  -     ${label}          cancelled before it began\n`
  }
}

/** A job that ended before this process took the run over, and does not run again. */
export function recordedLine({ job, failure }: JobEnd, width: number): string {
  const state = failure === undefined ? 'ok' : causeOf(failure)
  return `  -     ${printable(job).padEnd(width)}  ${state}, recorded before\n`
}

function endedLine(label: string, { report, failure }: JobEnd, paint: Paint): string {
  const time = formatDuration(report.ended_at - report.started_at).padStart(6)
  if (failure === undefined) return `  ${paint.good('ok')}    ${label}  ${time}\n`
  return `  ${paint.bad('FAIL')}  ${label}  ${time}   ${causeOf(failure)}\n`
}

/** Why a job did not succeed, in two or three words. */
export function causeOf(failure: Failure): string {
  switch (failure.code) {
    case 'command_failed':
      return `exit ${failure.exit}`
    case 'command_killed':
      return `killed by ${failure.signal}`
    case 'timed_out':
      return `timed out after ${formatDuration(failure.timeout_ms)}`
    case 'cancelled':
      return 'cancelled'
    case 'program_missing':
      return `program not found: ${printable(failure.program)}`
    case 'program_not_executable':
      return `not executable: ${printable(failure.program)}`
    case 'working_dir_missing':
      return `no such directory: ${printable(failure.directory)}`
    default:
      return failure.code.replaceAll('_', ' ')
  }
}
