import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ChangedFile } from '#domain/run/undo.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { FileState, LookInput, RestoreInput, RestoreOutput } from '#workflows/undo.ts'
import type { KeptContent } from './kept-content-port.ts'
import type { Place, PlaceFault, Workspace } from './workspace-port.ts'

export interface RestoreParts {
  readonly workspace: Workspace
  readonly kept: KeptContent
}

/** Looks at files that are to be restored. */
export function lookActivity(parts: RestoreParts): Activity {
  return { run: async (input) => ok([...fileStates(parts, (input as LookInput).files)]) }
}

/** Puts back what a file held. */
export function restoreActivity(parts: RestoreParts): Activity {
  return {
    run: async (input, attempt) => restore(parts, input as RestoreInput, attempt),
    endLeftovers: async (key) => {
      const back = parts.workspace.takeBack(key)
      return back.ok && back.value ? 1 : 0
    },
  }
}

/** How files stand that are to be restored. */
export function fileStates(parts: RestoreParts, files: readonly ChangedFile[]): readonly FileState[] {
  // A file that is there more than once has been changed by somebody else between the run's own changes.
  const seen = new Set<string>()
  return files.map((file) => {
    const name = `${file.root}\0${file.path}`
    if (seen.has(name)) return 'changed'
    seen.add(name)
    return stateOf(parts, file)
  })
}

function stateOf({ workspace, kept }: RestoreParts, file: ChangedFile): FileState {
  const { left, found } = file
  const now = workspace.digest(placeOf(file))
  if (!now.ok) return stateFor(now.error)
  if (now.value === found) return 'restored'
  if (found !== null && kept.read(found) === undefined) return 'content_gone'
  return now.value === left ? 'ready' : 'changed'
}

function restore(
  { workspace, kept }: RestoreParts,
  { file, force }: RestoreInput,
  attempt: ActivityAttempt,
): Result<Json, Failure> {
  if (attempt.signal.aborted) return err(attempt.signal.reason as Failure)
  const { left, found, mode, made } = file
  const content = found === null ? null : kept.read(found)
  if (content === undefined) return ok({ ok: false, state: 'content_gone' } satisfies RestoreOutput)
  const changed = workspace.replace(placeOf(file), {
    key: attempt.key,
    content,
    unmade: made,
    ...(mode !== null && { mode }),
    ...(!force && { expected: left }),
  })
  if (changed.ok) return ok({ ok: true, ...changed.value, made: [...changed.value.made] } satisfies RestoreOutput)
  // It is not there, and shall not be.
  const isDone = content === null && changed.error.kind === 'missing'
  return ok({ ok: false, state: isDone ? 'restored' : stateFor(changed.error) } satisfies RestoreOutput)
}

/** Where the log says that it lay; links on the way are not followed. */
function placeOf({ root, path }: ChangedFile): Place {
  const spaces = { workspace: root, references: [], domain: root, read_scope: [], write_scope: [], allow: [] }
  return { root, names: path.split('/'), shown: path, spaces }
}

function stateFor({ kind, detail }: PlaceFault): FileState {
  // A link in the way is not followed, whatever is forced.
  if (kind === 'changed_meanwhile') return detail === 'content' ? 'changed' : 'unreachable'
  return kind === 'not_a_file' || kind === 'not_a_directory' ? 'not_a_file' : 'unreachable'
}
