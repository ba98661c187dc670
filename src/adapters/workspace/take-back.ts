import { type ChangeNote, readNote, removeNote } from './change-notes.ts'
import { inside, partsOf } from './enter.ts'
import type { Folder } from './folder.ts'
import { digestIn } from './read-file.ts'
import { draftName, put, type ReplaceParts, removeIfThere, unmake } from './replace.ts'

/**
 * Takes back what a start of a step did to a file without living to tell: as if it had not begun, unless somebody has
 * changed the file since. Throws what the system says, and can be done again then.
 */
export function takeBack(parts: ReplaceParts, key: string): boolean {
  const path = parts.notePath(key)
  const note = readNote(path)
  if (note === undefined) return false
  const { root, names, made } = note
  const { folder, name } = partsOf(names)
  let isChanged = false
  try {
    inside({ root, names: folder, entering: parts.entering(root) }, (open) => {
      removeIfThere(open, draftName(key))
      isChanged = restore(parts, open, { key, name, note })
    })
  } finally {
    // Also where the innermost of them was never made.
    unmake(parts.entering(root), root, made)
  }
  removeNote(path)
  return isChanged
}

interface Restoring {
  readonly key: string
  readonly name: string
  readonly note: ChangeNote
}

function restore({ kept }: ReplaceParts, folder: Folder, { key, name, note }: Restoring): boolean {
  const { sha256: after, before, mode } = note
  if (digestIn(folder, name) !== after || after === before) return false
  if (before === null) {
    folder.remove(name)
    folder.sync()
    return true
  }
  const content = kept.read(before)
  if (content === undefined) return false
  put(folder, name, { key, content, mode, newMode: 0, settle: () => undefined })
  return true
}
