import type { RunEvent } from '#domain/run/event.ts'
import type { JobRunInput } from '#workflows/job.ts'

/** The jobs of a run of jobs, as it was queued; empty for a run of something else. */
export function jobNames(events: readonly RunEvent[]): readonly string[] {
  const first = events[0]
  if (first?.type !== 'run.queued' || first.body.workflow !== 'job') return []
  // The workflow's name says what its input is.
  return (first.body.input as unknown as JobRunInput).jobs.map(({ name }) => name)
}
