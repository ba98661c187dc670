import { err, ok } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { FileChange } from '#domain/run/file-change.ts'
import type { ChangedFile } from '#domain/run/undo.ts'
import { activity, workflow } from '#engine/workflow.ts'

/** All that undoing a run depends on. */
export type UndoInput = {
  /** The run that is undone, and the one node of it where only that is. */
  readonly run: string
  readonly node: string | null
  /** Also what somebody else has changed since. */
  readonly force: boolean
  /** Those last changed first. */
  readonly files: readonly ChangedFile[]
}

export type UndoOutput = { readonly restored: number; readonly untouched: number }

/** How a file stands that is to be restored. */
export type FileState = 'ready' | 'restored' | RefusedState
/** Why it cannot be, or is not. */
export type RefusedState = 'changed' | 'content_gone' | 'not_a_file' | 'unreachable'

export type LookInput = { readonly files: readonly ChangedFile[] }
export type RestoreInput = { readonly file: ChangedFile; readonly force: boolean }
export type RestoreOutput = (FileChange & { readonly ok: true }) | { readonly ok: false; readonly state: FileState }

/** Looks at files that are to be restored, and changes nothing. */
const look = activity<LookInput, readonly FileState[]>('look')
/** Puts back what a file held. That it cannot be done is an answer. */
const restore = activity<RestoreInput, RestoreOutput>('restore')

/**
 * Undoes what a run did to files. All of them are looked at before any is touched; then one after the other is restored,
 * the last change first, each as a step with its own fact: so an undo can itself be undone.
 */
export const undo = workflow<UndoInput, UndoOutput>('undo', 1, async (ctx, { files, force }) => {
  const looked = await ctx.run(look, { files }, { idempotent: true })
  if (!looked.ok) return looked
  const refused = refusedOf(files, looked.value, force)
  if (refused.length > 0) return err({ code: 'undo_refused', files: refused, restored: 0 } satisfies Failure)
  const late: { readonly path: string; readonly state: RefusedState }[] = []
  let restored = 0
  for (const [index, file] of files.entries()) {
    if (looked.value[index] === 'restored') continue
    const put = await ctx.run(restore, { file, force }, { name: `restore ${file.path}`, idempotent: true })
    if (!put.ok) return put
    if (put.value.ok) restored += 1
    else late.push(...refusedOf([file], [put.value.state], false))
  }
  if (late.length > 0) return err({ code: 'undo_refused', files: late, restored } satisfies Failure)
  return ok({ restored, untouched: files.length - restored })
})

/** Those that keep the undo from being done. */
function refusedOf(
  files: readonly ChangedFile[],
  states: readonly FileState[],
  force: boolean,
): { readonly path: string; readonly state: RefusedState }[] {
  return files.flatMap(({ root, path }, index) => {
    const state = states[index] ?? 'unreachable'
    if (state === 'ready' || state === 'restored' || (state === 'changed' && force)) return []
    return [{ path: `${root}/${path}`, state }]
  })
}
