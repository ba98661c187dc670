import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { JobRunInput } from '#workflows/job.ts'
import { bodyErased } from './body-erased.ts'
import type { RunSummary, StoreReader } from './store-port.ts'

/** A run with all of its events that can be read. */
export interface ReadRun {
  readonly run: RunSummary
  readonly events: readonly RunEvent[]
  /** Events that are there and cannot be read. */
  readonly unreadable: readonly Failure[]
  /** The fact that the run was erased, with all that is left to say of it. */
  readonly erased?: EventOf<'run.erased'>
}

/** The run that the text names, by its id, the id's beginning or the name of a job. */
export async function readRun(reader: StoreReader, text: string): Promise<Result<ReadRun, Failure>> {
  const run = await reader.findRun(text)
  if (!run.ok) return run
  const page = await reader.runEvents(run.value.id, 0)
  return page.ok ? ok({ run: run.value, ...page.value }) : page
}

/** A run with how it was queued. */
export interface BegunRun extends ReadRun {
  readonly queued: EventOf<'run.queued'>
}

/** A run of jobs: how it was queued, and its jobs. */
export interface JobRun extends BegunRun {
  readonly input: JobRunInput
}

/** The run from its beginning on. Fails where that cannot be read or was erased. */
export async function readBegunRun(reader: StoreReader, text: string): Promise<Result<BegunRun, Failure>> {
  const read = await readRun(reader, text)
  if (!read.ok) return read
  const { erased } = read.value
  if (erased !== undefined) return err(bodyErased(erased))
  const [queued] = read.value.events
  if (queued?.type !== 'run.queued') {
    return err(read.value.unreadable[0] ?? { code: 'unknown_run', run: text })
  }
  return ok({ ...read.value, queued })
}

/** The run as one of jobs. Fails as `readBegunRun` does, and where it is a run of something else. */
export async function readJobRun(reader: StoreReader, text: string): Promise<Result<JobRun, Failure>> {
  const read = await readBegunRun(reader, text)
  return read.ok ? asJobRun(read.value) : read
}

export function asJobRun(read: BegunRun): Result<JobRun, Failure> {
  const { workflow, name, input } = read.queued.body
  if (workflow !== 'job') return err({ code: 'run_not_of_jobs', run: read.run.id, workflow, name })
  // The workflow's name says what its input is.
  return ok({ ...read, input: input as unknown as JobRunInput })
}
