import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { replacedNames } from '#domain/definition/merge-configs.ts'
import type { ConfigPlace } from '../config-port.ts'
import type { Operation } from '../operation.ts'

const Input = z.object({})

export interface ConfigPaths {
  /** In the order in which a later one counts over an earlier one. */
  readonly files: readonly ConfigPlace[]
  /** What the project puts in the place of something of the user's, such as `jobs.build`. */
  readonly replaced: readonly string[]
}

/** Which configuration files count here, also where they hold mistakes. */
export const configPath: Operation<z.infer<typeof Input>, ConfigPaths> = {
  name: 'config path',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (_input, { services }) => {
    const files = await services.configFiles.here()
    const loaded = await services.config()
    const [own, project] = loaded.ok ? loaded.value.sources : []
    const replaced = own !== undefined && project !== undefined ? replacedNames(own.config, project.config) : []
    return ok({ files, replaced })
  },
}
