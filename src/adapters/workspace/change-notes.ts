import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod/mini'

/** What a step is about to do to a file. */
const ChangeNote = z.object({
  root: z.string(),
  names: z.array(z.string()),
  sha256: z.nullable(z.string()),
  before: z.nullable(z.string()),
  mode: z.nullable(z.number()),
  made: z.array(z.string()),
})
export type ChangeNote = z.infer<typeof ChangeNote>

/** Has the note on disk before anything is done. Throws what the system says. */
export function writeNote(path: string, note: ChangeNote): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.tmp`
  writeFileSync(draft, JSON.stringify(note), { mode: 0o600 })
  const file = openSync(draft, 'r+')
  try {
    renameSync(draft, path)
    // Renaming before the sync makes both the content and the name durable on journalling file systems.
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Undefined where nothing was about to be done: then the note was not whole, and nothing began. */
export function readNote(path: string): ChangeNote | undefined {
  try {
    const read = ChangeNote.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}

export function removeNote(path: string): void {
  rmSync(path, { force: true })
}
