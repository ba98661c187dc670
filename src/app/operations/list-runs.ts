import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { RUN_STATUSES } from '#domain/run/run.ts'
import type { Operation } from '../operation.ts'
import type { RunSummary } from '../store-port.ts'

const Input = z.object({
  job: z.optional(z.string()),
  status: z.optional(z.enum([...RUN_STATUSES, 'interrupted'])),
  limit: z.optional(z.coerce.number<string>()),
})

const DEFAULT_LIMIT = 20

/** Runs, the newest first. */
export const listRuns: Operation<z.infer<typeof Input>, readonly RunSummary[]> = {
  name: 'runs list',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ job: name, status, limit = DEFAULT_LIMIT }, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading.error.code === 'store_missing' ? ok([]) : reading
    return await reading.value.reader.listRuns({
      limit,
      ...(name !== undefined && { name }),
      ...(status !== undefined && { status }),
    })
  },
}
