import * as z from 'zod/mini'
import { err } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { isEnded } from '#domain/run/run.ts'
import type { JobRunInput } from '#workflows/job.ts'
import type { Operation } from '../operation.ts'
import { planRun, queuedBody } from '../plan-run.ts'
import { requireTrust } from '../project-jobs.ts'
import { type JobRun, readJobRun } from '../read-run.ts'
import { withReused } from '../retried-jobs.ts'
import { type StartedRun, startRun } from '../start-run.ts'

const Input = z.object({
  run: z.string(),
  jobs: z.optional(z.coerce.number<string>()),
  keep_going: z.optional(z.boolean()),
  force: z.optional(z.boolean()),
  detach: z.optional(z.boolean()),
})

/**
 * Does what a finished run did not bring to its end, as a new run: what succeeded there and means the same today is
 * not run again. The configuration is the present one, since a mistake in it may be what is mended.
 */
export const retryRun: Operation<z.infer<typeof Input>, StartedRun> = {
  name: 'runs retry',
  effect: 'write',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const old = await readJobRun(reading.value.reader, input.run)
    if (!old.ok) return old
    const refused = refusal(old.value)
    if (refused !== undefined) return err(refused)
    const config = await call.services.config()
    if (!config.ok) return config
    const { requested, given, keep_going, force } = old.value.input
    const request = {
      requested,
      params: given?.params,
      args: given?.args,
      parallel: input.jobs,
      keepGoing: input.keep_going ?? keep_going,
      force: input.force ?? force,
    }
    const trusted = await requireTrust(config.value, requested)
    if (!trusted.ok) return trusted
    const planned = planRun(config.value, request, call.services)
    if (!planned.ok) return planned
    const run = again(planned.value, old.value)
    return await startRun(call, queuedBody(run, config.value, old.value.run.id), { detach: input.detach })
  },
}

function again(input: JobRunInput, old: JobRun): JobRunInput {
  return { ...input, jobs: withReused(input.jobs, old) }
}

function refusal({ run, input, unreadable }: JobRun): Failure | undefined {
  const { id, status } = run
  // What cannot be read may be a success; to run it again by mistake is worse than to say so.
  if (unreadable[0] !== undefined) return unreadable[0]
  if (isEnded(status) && status !== 'succeeded') return undefined
  return { code: 'nothing_to_retry', run: id, status, jobs: [...input.requested] }
}
