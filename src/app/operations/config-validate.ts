import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Operation } from '../operation.ts'

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
  run: async ({ file: named }, { services: { configFiles } }) => {
    const here = async () =>
      (await configFiles.here()).flatMap(({ kind, path, state }) => {
        // That the usual file is not there is no mistake; that a named one is not, is.
        return state === 'absent' && kind === 'user' ? [] : [path]
      })
    const files: CheckedFile[] = []
    for (const path of named ?? (await here())) {
      const checked = await configFiles.check(path)
      files.push(checked.ok ? { path: checked.value.path } : { path, failure: checked.error })
    }
    return ok({ files })
  },
}
