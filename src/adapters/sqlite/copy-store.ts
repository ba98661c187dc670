import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { openDatabase } from './database.ts'
import { primaryCode } from './sqlite-failure.ts'
import { DATABASE_FILE } from './store.ts'
import { settle } from './transaction.ts'

/** What SQLite says of a file that it cannot write: full, read-only, cannot be opened. */
const UNWRITABLE: ReadonlyMap<unknown, string> = new Map([
  [8, 'EROFS'],
  [13, 'ENOSPC'],
  [14, 'EACCES'],
])

/**
 * Copies the database as one moment of it, into a directory that is there. Writers go on meanwhile. The copy holds no
 * freed pages, so nothing that was erased, and it needs no second file to be read.
 */
export async function copyStore(from: string, to: string): Promise<Result<void, Failure>> {
  const path = join(from, DATABASE_FILE)
  const target = join(to, DATABASE_FILE)
  const opened = await openDatabase({ path, mode: 'read' })
  if (!opened.ok) return opened
  const database = opened.value
  try {
    return await settle(path, () => {
      // A writer was in the way at the first try, and what that left is no copy.
      if (existsSync(target)) rmSync(target)
      try {
        database.prepare('VACUUM INTO ?').run(target)
        return ok()
      } catch (error) {
        const reason = UNWRITABLE.get(primaryCode(error))
        if (reason === undefined) throw error
        return err({ code: 'file_unwritable', path: target, reason })
      }
    })
  } finally {
    database.close()
  }
}
