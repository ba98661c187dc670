import type { ChangedFile } from '#domain/run/undo.ts'
import type { FileState } from '#workflows/undo.ts'

/** Files that runs changed, as they are now. */
export interface ChangedFiles {
  states(files: readonly ChangedFile[]): readonly FileState[]
}
