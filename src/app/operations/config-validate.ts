import { basename, dirname } from 'node:path'
import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { agentFilesFailure, configWithAgents } from '../agent-files.ts'
import type { LoadedFile } from '../config-port.ts'
import type { Operation } from '../operation.ts'
import { ruleFaults } from '../plan-conductor.ts'
import type { Services } from '../services.ts'

const Input = z.object({ file: z.optional(z.array(z.string())) })

export interface CheckedFile {
  readonly path: string
  /** Undefined where all is well. */
  readonly failure?: Failure
}

/** Checks the files that are named, or those that count here; a project's is checked whether it is trusted or not. */
export const configValidate: Operation<z.infer<typeof Input>, { readonly files: readonly CheckedFile[] }> = {
  name: 'config validate',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ file: named }, { services }) => {
    const { configFiles } = services
    const here = async () =>
      (await configFiles.here()).flatMap(({ kind, path, state }) => {
        // That the usual file is not there is no mistake; that a named one is not, is.
        return state === 'absent' && kind === 'user' ? [] : [path]
      })
    const files: CheckedFile[] = []
    for (const path of named ?? (await here())) {
      const checked = await configFiles.check(path)
      files.push(checked.ok ? await withAgents(services, checked.value) : { path, failure: checked.error })
    }
    const isWhole = named === undefined && files.every(({ failure }) => failure === undefined)
    return ok({ files: isWhole ? await together(services, files) : files })
  },
}

/** The files of its agents belong to it. */
async function withAgents(
  { currentDirectory, documents }: Services,
  { path, config }: LoadedFile,
): Promise<CheckedFile> {
  const base = basename(path) === 'orchastration.toml' ? dirname(path) : currentDirectory
  const failure = await agentFilesFailure(config.agents ?? {}, base, documents)
  return failure === undefined ? { path } : { path, failure }
}

/** With what is wrong only once all files count together: rules speak of steps and roles of other files. */
async function together(services: Services, files: readonly CheckedFile[]): Promise<readonly CheckedFile[]> {
  const loaded = await configWithAgents(services)
  if (!loaded.ok) return files
  const { config, sources } = loaded.value
  return files.map((file): CheckedFile => {
    const own = sources.find(({ path }) => path === file.path)
    const faults = ruleFaults(config, own?.config.conductor?.rules ?? [])
    return faults.length === 0
      ? file
      : { ...file, failure: { code: 'rules_invalid', file: file.path, faults: [...faults] } }
  })
}
