import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sha256 } from '#base/digest.ts'

/** Others hold it for as long as it takes to write a file. */
const PATIENCE_MS = 10_000

/**
 * Does something while no other process does something under the same name. By a lock of the operating system on a small
 * database in `folder`, so that it is free at once after a death. Throws where nobody lets go of it.
 */
export function exclusively<T>(folder: string, name: string, work: () => T): T {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(folder, `${sha256(name)}.lock`))
  try {
    database.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}; BEGIN EXCLUSIVE`)
    return work()
  } finally {
    database.close()
  }
}
