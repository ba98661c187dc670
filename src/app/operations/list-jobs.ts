import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Operation } from '../operation.ts'

const Input = z.object({ group: z.optional(z.string()) })

export interface ListedJob {
  readonly name: string
  readonly description?: string
  readonly group?: string
  readonly needs: readonly string[]
}

export interface JobList {
  readonly jobs: readonly ListedJob[]
  /** Where jobs can be configured; undefined where there is a file that must be trusted first. */
  readonly config: string | undefined
}

/** The jobs of the configuration, by name. */
export const listJobs: Operation<z.infer<typeof Input>, JobList> = {
  name: 'list',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const loaded = await call.services.config()
    if (!loaded.ok) return loaded
    const { config, sources, untrusted } = loaded.value
    const jobs = Object.entries(config.jobs ?? {}).map(([name, { description, group, needs = [] }]) => ({
      name,
      needs,
      ...(description !== undefined && { description }),
      ...(group !== undefined && { group }),
    }))
    const wanted = input.group === undefined ? jobs : jobs.filter(({ group }) => group === input.group)
    // Code units, not a locale's order: the same everywhere.
    return ok({
      jobs: wanted.sort((left, right) => (left.name < right.name ? -1 : 1)),
      config: untrusted === undefined ? sources[0].path : undefined,
    })
  },
}
