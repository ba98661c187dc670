import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Operation } from '../operation.ts'

const Input = z.object({})

export interface ListedJob {
  readonly name: string
  readonly description?: string
  readonly needs: readonly string[]
}

/** The jobs of the configuration, by name. */
export const listJobs: Operation<
  z.infer<typeof Input>,
  { readonly jobs: readonly ListedJob[]; readonly config: string }
> = {
  name: 'list',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (_input, call) => {
    const loaded = await call.services.config()
    if (!loaded.ok) return loaded
    const { config, path } = loaded.value
    const jobs = Object.entries(config.jobs ?? {}).map(([name, { description, needs = [] }]) => ({
      name,
      needs,
      ...(description !== undefined && { description }),
    }))
    // Code units, not a locale's order: the same everywhere.
    return ok({ jobs: jobs.sort((left, right) => (left.name < right.name ? -1 : 1)), config: path })
  },
}
