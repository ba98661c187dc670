import type { Failure } from '#domain/failure.ts'

/** Primary result codes of SQLite (https://sqlite.org/rescode.html); the low byte of an extended code. */
const BUSY = 5
const LOCKED = 6
const GENERIC = 1
const CODES = { readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, auth: 23, notADatabase: 26 } as const
const READ_ONLY_DIRECTORY = 1544
/** The memory that processes share for a store is a file, too, and there is no room for it. */
const NO_ROOM_FOR_SHARED_MEMORY = 4874

/** Whether another connection is in the way for the moment. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === BUSY || code === LOCKED
}

/** The failure behind an error of SQLite; undefined where it is none of the world's doing. */
export function failureOfSqlite(path: string, error: unknown): Failure | undefined {
  const reason = error instanceof Error ? error.message : String(error)
  switch (primaryCode(error)) {
    case BUSY:
    case LOCKED:
      return { code: 'store_busy', path, waited_ms: 0 }
    case CODES.full:
      return { code: 'store_full', path, reason }
    case CODES.readOnly:
    case CODES.cannotOpen:
    case CODES.auth:
      return { code: 'store_read_only', path, reason }
    case CODES.ioError:
      return ioFailure(path, extendedCode(error), reason)
    case GENERIC:
      // Our statements name only tables that we make: where one is missing, somebody has been at the file.
      return /^no such (table|column)/.test(reason) ? { code: 'store_damaged', path, reason } : undefined
    case CODES.corrupt:
    case CODES.notADatabase:
      return { code: 'store_damaged', path, reason }
    default:
      return undefined
  }
}

function ioFailure(path: string, code: number | undefined, reason: string): Failure {
  if (code === READ_ONLY_DIRECTORY) return { code: 'store_read_only', path, reason }
  return { code: code === NO_ROOM_FOR_SHARED_MEMORY ? 'store_full' : 'store_io', path, reason }
}

/** The primary result code; undefined for what is no error of SQLite. */
export function primaryCode(error: unknown): number | undefined {
  const code = extendedCode(error)
  return code === undefined ? undefined : code & 0xff
}

function extendedCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}
