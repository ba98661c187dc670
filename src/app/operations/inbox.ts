import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Operation } from '../operation.ts'
import type { AskedQuestion } from '../store-port.ts'

const Input = z.object({})

/** The open questions of all runs, the oldest first. */
export const inbox: Operation<z.infer<typeof Input>, readonly AskedQuestion[]> = {
  name: 'inbox',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (_input, call) => {
    const reading = await call.services.reading()
    if (!reading.ok) return reading.error.code === 'store_missing' ? ok([]) : reading
    return await reading.value.reader.openQuestions()
  },
}
