import { unlinkSync, writeSync } from 'node:fs'
import type { Note } from './note.ts'

/**
 * Keeps who the child is. A note that cannot be written, as on a full disk, is let go: the child already runs, and
 * the mark in its environment finds it as well.
 */
export function writeNote(file: number, note: Note): void {
  try {
    writeSync(file, JSON.stringify(note))
  } catch {}
}

/** Forgets a child of which nothing is left to end. */
export function removeNote(path: string): void {
  try {
    unlinkSync(path)
  } catch {}
}
