import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Operation } from '../operation.ts'
import { type ReadRun, readRun } from '../read-run.ts'
import { jobNames } from '../run-jobs-of.ts'
import type { AskedQuestion, RunForks } from '../store-port.ts'

const Input = z.object({ run: z.string() })

export interface ShownRun extends ReadRun {
  readonly jobs: readonly string[]
  readonly questions: readonly AskedQuestion[]
  readonly forks: RunForks
}

/** One run: what it was asked to do, and all that happened. */
export const showRun: Operation<z.infer<typeof Input>, ShownRun> = {
  name: 'runs show',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const { reader } = reading.value
    const read = await readRun(reader, input.run)
    if (!read.ok) return read
    const questions = await reader.openQuestions(read.value.run.id)
    if (!questions.ok) return questions
    const forks = await reader.forks(read.value.run.id)
    if (!forks.ok) return forks
    const { events, erased } = read.value
    const jobs = erased?.body.summary.jobs ?? jobNames(events)
    return ok({ ...read.value, jobs, questions: questions.value, forks: forks.value })
  },
}
