import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Operation } from '../operation.ts'
import { readJobRun } from '../read-run.ts'
import { diffRuns as compare, type RunDiff } from '../run-diff.ts'
import type { RunSummary } from '../store-port.ts'

const Input = z.object({ first: z.string(), second: z.string() })

export interface DiffedRuns extends RunDiff {
  readonly first: RunSummary
  readonly second: RunSummary
}

/** What two runs of jobs have done differently, and what came of it. */
export const diffRuns: Operation<z.infer<typeof Input>, DiffedRuns> = {
  name: 'runs diff',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const { reader } = reading.value
    const first = await readJobRun(reader, input.first)
    if (!first.ok) return first
    const second = await readJobRun(reader, input.second)
    if (!second.ok) return second
    return ok({ first: first.value.run, second: second.value.run, ...compare(first.value, second.value) })
  },
}
