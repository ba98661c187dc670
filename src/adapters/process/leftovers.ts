import type { Leftover, LeftoverMark } from '#activities/process-port.ts'
import { endTree } from './end-tree.ts'
import type { Host } from './host.ts'
import { readNote } from './note.ts'
import { type TreeOrigin, watchTree } from './tree.ts'
import { removeNote } from './write-note.ts'

/** Nobody waits for a leftover's last words, but it may have a file to close. */
const GRACE_MS = 1000

/** The living processes of a dead owner's step. */
export async function findLeftovers(mark: LeftoverMark, host: Host): Promise<readonly Leftover[]> {
  const { members } = await watchTree(host, originOf(mark, host))()
  return members.map((entry) => ({ pid: entry.pid, command: entry.command() }))
}

/** Ends them. What lives on after the bound of `endTree` is still found by `findLeftovers`, and its note stays. */
export async function endLeftovers(mark: LeftoverMark, host: Host): Promise<void> {
  if (await endTree(host, originOf(mark, host), GRACE_MS).done) removeNote(mark.notePath)
}

/** A note of another boot names a stranger; within a boot, the start time tells. */
function originOf(mark: LeftoverMark, { platform }: Host): TreeOrigin {
  const note = readNote(mark.notePath)
  const valid = note !== undefined && note.boot === platform.bootId()
  return { step: mark.step, leader: valid ? { pid: note.pid, started: note.started } : undefined }
}
