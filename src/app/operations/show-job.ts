import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import { selectJobs } from '#domain/definition/graph.ts'
import type { Job } from '#domain/definition/job.ts'
import type { Failure } from '#domain/failure.ts'
import { meantOtherwise } from '../meant-otherwise.ts'
import type { Call, Operation } from '../operation.ts'
import { jobDirectory, requireTrust } from '../project-jobs.ts'
import type { LastJob } from '../store-port.ts'

const Input = z.object({ job: z.string() })

export interface ShownJob {
  readonly name: string
  readonly job: Job
  /** Absolute, unless a parameter decides it. */
  readonly directory: string
  /** All that runs before it, those that it needs by others included. */
  readonly before: readonly string[]
  /** How it ended last; undefined where that was never recorded. */
  readonly last?: LastJob
}

/** A job of the configuration, as it stands there and with what follows from it. */
export const showJob: Operation<z.infer<typeof Input>, ShownJob> = {
  name: 'show',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ job: name }, call) => {
    const loaded = await call.services.config()
    if (!loaded.ok) return loaded
    const trusted = await requireTrust(loaded.value, [name])
    if (!trusted.ok) return trusted
    const graph = selectJobs(loaded.value.config.jobs ?? {}, [name])
    if (!graph.ok) return err(meantOtherwise(graph.error, loaded.value.config))
    const job = graph.value.at(-1)?.job
    if (job === undefined) return { ok: false, error: { code: 'unknown_job', job: name, known: [] } }
    const last = await lastEnd(name, call)
    if (!last.ok) return last
    const directory = job.working_dir ?? '.'
    return ok({
      name,
      job,
      directory: jobDirectory(loaded.value, call.services.currentDirectory)(name, directory),
      before: graph.value.slice(0, -1).map((each) => each.name),
      ...(last.value !== undefined && { last: last.value }),
    })
  },
}

async function lastEnd(name: string, { services }: Call): Promise<Result<LastJob | undefined, Failure>> {
  const reading = await services.reading()
  if (!reading.ok) return reading.error.code === 'store_missing' ? ok(undefined) : reading
  const lasts = await reading.value.reader.lastJobs([name])
  return lasts.ok ? ok(lasts.value.get(name)) : lasts
}
