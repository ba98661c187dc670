import type { Json } from '#base/json.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import { type JobEnd, jobEndOf } from './command-ends.ts'
import type { JobRun } from './read-run.ts'
import { changedKeys, planParts } from './run-plan.ts'

/** How one job differs between two runs. */
export interface JobDiff {
  readonly job: string
  /** Whether both runs have it, or which of them. */
  readonly in: 'both' | 'first' | 'second'
  /** The keys of its definition that differ, with their values. */
  readonly changes: readonly KeyChange[]
  readonly first: JobSide
  readonly second: JobSide
}

export interface KeyChange {
  readonly key: string
  /** Undefined where it is not set. */
  readonly first: Json | undefined
  readonly second: Json | undefined
}

/** How the job went in one of them. */
export interface JobSide {
  /** `reused` took an earlier run's success over; `none` has no end of its own. */
  readonly outcome: 'ok' | 'failed' | 'reused' | 'none'
  readonly exit: number | null
  readonly durationMs: number | null
  /** SHA-256 of what it wrote. */
  readonly stdout: string | null
  readonly stderr: string | null
}

export interface RunDiff {
  readonly jobs: readonly JobDiff[]
  /** Whether both were made from the same text of the configuration. */
  readonly sameConfig: boolean
}

/** Compares two runs job by job: what was to be done, and what came of it. */
export function diffRuns(first: JobRun, second: JobRun): RunDiff {
  const [before, after] = [sidesOf(first), sidesOf(second)]
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return {
    jobs: names.map((job) => diffJob(job, before.get(job), after.get(job))),
    sameConfig: digestsOf(first) === digestsOf(second),
  }
}

function digestsOf({ queued }: JobRun): string {
  return [queued.body.config ?? []]
    .flat()
    .map(({ digest }) => digest)
    .join(' ')
}

interface Side {
  readonly planned: PlannedJob
  readonly end: JobEnd | undefined
}

function sidesOf({ input, events }: JobRun): ReadonlyMap<string, Side> {
  const ends = new Map(events.flatMap((event) => asEntry(jobEndOf(event))))
  return new Map(input.jobs.map((planned) => [planned.name, { planned, end: ends.get(planned.name) }]))
}

function asEntry(end: JobEnd | undefined): readonly (readonly [string, JobEnd])[] {
  return end === undefined ? [] : [[end.job, end]]
}

function diffJob(job: string, before: Side | undefined, after: Side | undefined): JobDiff {
  const where = before === undefined ? 'second' : after === undefined ? 'first' : 'both'
  const changes = before === undefined || after === undefined ? [] : keyChanges(before.planned, after.planned)
  return { job, in: where, changes, first: sideOf(before), second: sideOf(after) }
}

function keyChanges(before: PlannedJob, after: PlannedJob): readonly KeyChange[] {
  const [left, right] = [planParts(before), planParts(after)]
  return changedKeys(before, after).map((key) => ({ key, first: left[key], second: right[key] }))
}

function sideOf(side: Side | undefined): JobSide {
  const end = side?.end
  if (end === undefined) {
    const outcome = side?.planned.reused === undefined ? 'none' : 'reused'
    return { outcome, exit: null, durationMs: null, stdout: null, stderr: null }
  }
  const { report, exit, failure } = end
  const success = report.up_to_date === undefined ? 'ok' : 'reused'
  return {
    outcome: failure === undefined ? success : 'failed',
    exit,
    durationMs: report.ended_at - report.started_at,
    stdout: report.stdout.digest,
    stderr: report.stderr.digest,
  }
}
