import type { Attended } from '#app/attended.ts'
import type { JobEnd } from '#app/command-ends.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { isEnded } from '#domain/run/run.ts'
import { exitCodeOfRun } from './exit-code.ts'
import type { JobStates } from './job-states.ts'
import { snakeKeys } from './mount.ts'

/** How a job that was asked for ended; null where it has not ended and may still do so. */
export interface JobSummary {
  readonly job: string
  readonly exit: number | null
  readonly duration_ms: number | null
  /** Only where nothing was started: the run whose success still holds. */
  readonly up_to_date?: CommandReport['up_to_date']
}

/** The one shape of a run's document, whichever command made it. */
interface RunDocument {
  readonly run: string
  readonly name: string
  readonly status: string
  /** Null where the command does not stay with the run. */
  readonly exit: number | null
  readonly jobs: readonly JobSummary[]
  readonly questions: readonly Readonly<Record<string, unknown>>[]
  readonly failure: Failure | null
}

export function runDocument({ run, questions, failure }: Attended, jobs: readonly JobSummary[]): RunDocument {
  return {
    run: run.id,
    name: run.name,
    status: run.status,
    exit: exitCodeOfRun({ run, questions, ...(failure !== undefined && { failure }) }),
    jobs,
    questions: questions.map(snakeKeys),
    failure: failure ?? null,
  }
}

/** A run that was only put into the queue. */
export function queuedDocument(run: string, requested: readonly string[]): RunDocument {
  const jobs = requested.map((job) => ({ job, exit: null, duration_ms: null }))
  return { run, name: requested.join(' '), status: 'queued', exit: null, jobs, questions: [], failure: null }
}

/** What never began in a run that is over has the exit code 1 and took no time. */
export function jobSummaries(
  requested: readonly string[],
  states: JobStates,
  { run }: Attended,
): readonly JobSummary[] {
  const isOver = isEnded(run.status)
  return requested.map((job) => {
    const end = states.endOf(job)
    if (end !== undefined) return endSummary(end)
    if (states.of(job)?.kind === 'reused') return { job, exit: 0, duration_ms: 0 }
    return isOver ? { job, exit: 1, duration_ms: 0 } : { job, exit: null, duration_ms: null }
  })
}

function endSummary({ job, exit, report }: JobEnd): JobSummary {
  const { started_at, ended_at, up_to_date } = report
  return { job, exit, duration_ms: ended_at - started_at, ...(up_to_date !== undefined && { up_to_date }) }
}
