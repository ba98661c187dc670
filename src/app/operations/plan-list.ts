import * as z from 'zod/mini'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { TaskStatus } from '#domain/run/task-report.ts'
import type { Operation } from '../operation.ts'
import type { Services } from '../services.ts'
import type { TaskState } from '../store-port.ts'

const Input = z.object({})

export interface ListedTask {
  readonly name: string
  readonly description?: string
  readonly status: TaskStatus
}

/** The tasks of the configuration, by name, and where they stand. */
export const planList: Operation<
  z.infer<typeof Input>,
  { readonly tasks: readonly ListedTask[]; readonly config: string }
> = {
  name: 'plan list',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (_input, call) => {
    const loaded = await call.services.config()
    if (!loaded.ok) return loaded
    const { config, sources } = loaded.value
    const configured = Object.entries(config.tasks ?? {})
    const states = await statesOf(
      configured.map(([name]) => name),
      call.services,
    )
    if (!states.ok) return states
    const tasks = configured.map(
      ([name, { description, status }]): ListedTask => ({
        name,
        ...(description !== undefined && { description }),
        status: states.value.get(name)?.status ?? status ?? 'planned',
      }),
    )
    // Code units, not a locale's order: the same everywhere.
    return ok({ tasks: tasks.sort((left, right) => (left.name < right.name ? -1 : 1)), config: sources[0].path })
  },
}

/** Without a store nothing was ever done with any task. */
async function statesOf(
  names: readonly string[],
  services: Services,
): Promise<Result<ReadonlyMap<string, TaskState>, Failure>> {
  const reading = await services.reading()
  if (reading.ok) return await reading.value.reader.taskStates(names)
  return reading.error.code === 'store_missing' ? ok(new Map()) : reading
}
