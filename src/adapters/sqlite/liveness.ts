import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Liveness } from '#engine/journal-port.ts'
import { failureOfFile } from './file-failure.ts'
import { failureOfSqlite, isBusy } from './sqlite-failure.ts'

/** A living process's claim to be alive; the operating system ends it with the process. */
export interface OwnLiveness extends Liveness {
  end(): void
}

/** Announces this process among the owners of a store. */
export function openLiveness(directory: string, owner: string): Result<OwnLiveness, Failure> {
  try {
    return ok(liveness(directory, owner))
  } catch (error) {
    const failure = failureOfSqlite(directory, error) ?? failureOfFile(directory, error)
    if (failure === undefined) throw error
    return err(failure)
  }
}

/**
 * Who is alive is a lock, not a clock: each process holds an exclusive lock on a small file of its own. A stopped
 * process or a sleeping laptop still holds it; after `kill -9` it is free at once.
 */
function liveness(directory: string, owner: string): OwnLiveness {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, owner)
  // Kept in this closure: a database that nobody refers to is collected as garbage, and its lock with it.
  const lock = new DatabaseSync(path)
  lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  return {
    owner,
    isAlive: (other) => other === owner || isAliveOrForgotten(directory, other),
    end: () => {
      if (!lock.isOpen) return
      lock.close()
      rmSync(path, { force: true })
    },
  }
}

/** Whoever is asked about had the lock when it took its run; once it is free its holder is dead, and the file is of no use. */
function isAliveOrForgotten(directory: string, owner: string): boolean {
  const isAlive = isOwnerAlive(directory, owner)
  if (!isAlive && isOwnerName(owner)) rmSync(join(directory, owner), { force: true })
  return isAlive
}

/** Whether the process of that name lives; changes nothing. */
export function isOwnerAlive(directory: string, owner: string): boolean {
  return isOwnerName(owner) && isLocked(join(directory, owner))
}

/** A name comes out of a file that anyone may have written, and a path is made of it. */
export function isOwnerName(owner: string): boolean {
  return /^[0-9a-z]{26}$/.test(owner)
}

/** Reading needs a shared lock, which two that ask at once do not deny each other. */
function isLocked(path: string): boolean {
  if (!existsSync(path)) return false
  let probe: DatabaseSync | undefined
  try {
    probe = new DatabaseSync(path, { readOnly: true })
    probe.exec('PRAGMA busy_timeout = 0')
    probe.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (error) {
    if (isBusy(error)) return true
    // Its process ended between the two looks, and took the file with it.
    if (!existsSync(path)) return false
    throw error
  } finally {
    probe?.close()
  }
}
