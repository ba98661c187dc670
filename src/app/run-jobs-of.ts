import type { RunEvent } from '#domain/run/event.ts'
import type { JobRunInput } from '#workflows/job.ts'
import { runsCommand } from './command-ends.ts'

/** The jobs of a run of jobs, as it was queued; of a run of something else the steps that have run commands. */
export function jobNames(events: readonly RunEvent[]): readonly string[] {
  return inputOf(events)?.jobs.map(({ name }) => name) ?? commandSteps(events)
}

function commandSteps(events: readonly RunEvent[]): readonly string[] {
  const names = events.flatMap(({ type, body }) =>
    type === 'step.started' && runsCommand(body.activity) ? [body.name] : [],
  )
  return [...new Set(names)]
}

/** Those of them that were asked for. */
export function requestedJobs(events: readonly RunEvent[]): readonly string[] {
  return inputOf(events)?.requested ?? []
}

/** Those of them that succeeded in an earlier run, which counts. */
export function reusedJobs(events: readonly RunEvent[]): readonly { readonly job: string; readonly run: string }[] {
  const jobs = inputOf(events)?.jobs ?? []
  return jobs.flatMap(({ name: job, reused: run }) => (run === undefined ? [] : [{ job, run }]))
}

function inputOf(events: readonly RunEvent[]): JobRunInput | undefined {
  const first = events[0]
  if (first?.type !== 'run.queued' || first.body.workflow !== 'job') return undefined
  // The workflow's name says what its input is.
  return first.body.input as unknown as JobRunInput
}
