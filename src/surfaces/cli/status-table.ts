import type { JobStatus, OpenRun } from '#app/operations/show-status.ts'
import { formatDuration } from '#base/duration.ts'
import { onOneLine } from '#base/text.ts'
import type { Paint } from './io.ts'
import { widthOf } from './job-lines.ts'

interface Looking {
  readonly now: number
  readonly columns: number
  readonly paint: Paint
  readonly open: readonly OpenRun[]
}

/** What `3d04h ago` needs. */
const AGO_COLUMNS = 10

/** For whoever looks at a terminal: a row a job, with how it last ended, when, and how long it took. */
export function statusTable(jobs: readonly JobStatus[], looking: Looking): readonly string[] {
  const width = widthOf(
    jobs.map(({ name }) => name),
    looking.columns,
  )
  return jobs.map((job) => rowOf(job, width, looking))
}

function rowOf(job: JobStatus, width: number, { now, paint, open }: Looking): string {
  const label = onOneLine(job.name).padEnd(width)
  const { last } = job
  if (last === undefined)
    return job.inRun === undefined ? `  -     ${label}  never run` : firstRun(label, job.inRun, open)
  const ago = `${formatDuration(now - last.endedAt)} ago`.padEnd(AGO_COLUMNS)
  const took = `took ${formatDuration(last.endedAt - last.startedAt)}`
  if (last.exit === 0) return `  ${paint.good('ok')}    ${label}  ${ago}  ${took}`
  if (job.cause === 'cancelled') return `  -     ${label}  ${ago}  ${took}, cancelled`
  return `  ${paint.bad('FAIL')}  ${label}  ${ago}  ${took}, ${endText(job, last.exit)}`
}

function endText({ cause }: JobStatus, exit: number): string {
  if (exit >= 0) return `exit ${exit}`
  if (cause === 'timed_out') return 'timed out'
  return cause === 'command_killed' ? 'killed by a signal' : 'ended from outside'
}

/** It has never ended, and is part of a run that is not over. */
function firstRun(label: string, runId: string, open: readonly OpenRun[]): string {
  const run = open.find((each) => each.run.id === runId)?.run
  const state = run?.interrupted === true ? 'interrupted' : (run?.status ?? 'going on')
  return `  ${state === 'running' ? 'run' : '-  '}   ${label}  first run: ${state}`
}
