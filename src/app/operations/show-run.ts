import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { Operation } from '../operation.ts'
import { jobNames } from '../run-jobs-of.ts'
import type { AskedQuestion, RunSummary } from '../store-port.ts'

const Input = z.object({ run: z.string() })

export interface ShownRun {
  readonly run: RunSummary
  readonly jobs: readonly string[]
  readonly events: readonly RunEvent[]
  /** Events that are there and cannot be read. */
  readonly unreadable: readonly Failure[]
  readonly questions: readonly AskedQuestion[]
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
    const run = await reader.findRun(input.run)
    if (!run.ok) return run
    const page = await reader.runEvents(run.value.id, 0)
    if (!page.ok) return page
    const questions = await reader.openQuestions(run.value.id)
    if (!questions.ok) return questions
    const { events, unreadable } = page.value
    return ok({ run: run.value, jobs: jobNames(events), events, unreadable, questions: questions.value })
  },
}
