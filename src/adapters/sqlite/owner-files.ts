import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnerFile } from '#app/health-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { isOwnerAlive, isOwnerName } from './liveness.ts'
import { OWNERS_FOLDER } from './store.ts'

/** The files by which processes are known, or were: whoever is killed leaves its own. */
export function ownerFiles(store: string, now: number): readonly OwnerFile[] {
  const folder = join(store, OWNERS_FOLDER)
  return namesIn(folder).flatMap((name) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false })
    return found === undefined ? [] : [{ name, isAlive: isAliveOrUnknown(folder, name), ageMs: now - found.mtimeMs }]
  })
}

/** Removes the file of a process that is gone. */
export function forgetOwner(store: string, name: string): Result<void, Failure> {
  const path = join(store, OWNERS_FOLDER, name)
  try {
    rmSync(path, { force: true })
    return ok()
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: error instanceof Error ? error.message : String(error) })
  }
}

/** Of what cannot be asked, nobody says that it is dead. */
function isAliveOrUnknown(folder: string, name: string): boolean {
  try {
    return isOwnerAlive(folder, name)
  } catch {
    return true
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(isOwnerName)
  } catch {
    return []
  }
}
