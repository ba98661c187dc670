import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Operation } from '../operation.ts'
import { findTask } from '../run-task.ts'
import type { Services } from '../services.ts'
import type { TaskState } from '../store-port.ts'

const Input = z.object({ task: z.string() })

/** Where a task stands, also one that is not configured any more. */
export const planStatus: Operation<z.infer<typeof Input>, TaskState> = {
  name: 'plan status',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ task }, call) => {
    const state = await stateOf(task, call.services)
    if (!state.ok) return state
    if (state.value !== undefined) return ok(state.value)
    const config = await call.services.config()
    if (!config.ok) return config
    const found = findTask(config.value.config, task)
    return found.ok ? err({ code: 'task_not_initialized', task }) : found
  },
}

async function stateOf(task: string, services: Services): Promise<Result<TaskState | undefined, Failure>> {
  const reading = await services.reading()
  if (!reading.ok) return reading.error.code === 'store_missing' ? ok(undefined) : reading
  const states = await reading.value.reader.taskStates([task])
  return states.ok ? ok(states.value.get(task)) : states
}
