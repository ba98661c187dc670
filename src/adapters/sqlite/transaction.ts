import type { DatabaseSync } from 'node:sqlite'
import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { failureOfFile } from './file-failure.ts'
import { failureOfSqlite, isBusy } from './sqlite-failure.ts'

/** How long a writer tries to get its turn. */
const PATIENCE_MS = 30_000
const LONGEST_PAUSE_MS = 12

/**
 * Does some work on a database that others use as well: while they are in the way it pauses, a little and by chance,
 * and begins anew. Errors of SQLite and of the file system become failures; anything else is a bug and flies on.
 */
export async function settle<T>(path: string, work: () => Result<T, Failure>): Promise<Result<T, Failure>> {
  const began = performance.now()
  for (let round = 1; ; round++) {
    try {
      return work()
    } catch (error) {
      const waited = performance.now() - began
      if (!isBusy(error)) return err(failureOf(path, error))
      if (waited > PATIENCE_MS) return err({ code: 'store_busy', path, waited_ms: Math.round(waited) })
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, round))
    }
  }
}

/** All of the work, durably, or none of it. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function failureOf(path: string, error: unknown): Failure {
  const failure = failureOfSqlite(path, error) ?? failureOfFile(path, error)
  if (failure === undefined) throw error
  return failure
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}
