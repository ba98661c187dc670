import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import projections from './projections.sql' with { type: 'text' }
import schema from './schema.sql' with { type: 'text' }
import { inTransaction, settle } from './transaction.ts'

/** The number of the format of the store, raised when its log or files change. A newer one is refused by name. */
export const FORMAT = 1
/** Where outputs are kept, beside the file. */
const ARTIFACTS_FOLDER = 'artifacts'
/** "orch", so that the file tells whose it is. */
const APPLICATION_ID = 0x6f726368

export interface OpenDatabase {
  readonly path: string
  readonly mode: 'write' | 'read'
}

/**
 * Opens the store's database. For writing, it is created where it is missing. Readers do not create anything and
 * answer `store_missing`.
 */
export async function openDatabase({ path, mode }: OpenDatabase): Promise<Result<DatabaseSync, Failure>> {
  return await settle(path, () => {
    const missing = missingFailure(path, mode)
    if (missing !== undefined) return err(missing)
    if (mode === 'write') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const database = new DatabaseSync(path)
    const failure = prepare(database, path, mode)
    if (failure === undefined) return ok(database)
    database.close()
    return err(failure)
  })
}

function missingFailure(path: string, mode: OpenDatabase['mode']): Failure | undefined {
  const file = statSync(path, { throwIfNoEntry: false })
  if (mode === 'read' && file === undefined) return { code: 'store_missing', path }
  // A crash right after the file was made leaves it empty, too, but then nothing was ever kept beside it.
  const wasEmptied = file?.size === 0 && existsSync(join(dirname(path), ARTIFACTS_FOLDER))
  return wasEmptied ? damaged(path, 'the file is empty, and artifacts lie beside it') : undefined
}

/** Raised with every change of a fold in projection.ts; a change of the tables tells itself. */
const FOLD_VERSION = 10
/** The tables of projections.sql. */
export const PROJECTION_TABLES = [
  'runs',
  'run_jobs',
  'forks',
  'waits',
  'questions',
  'last_jobs',
  'checked_ends',
  'counters',
  'task_actions',
] as const
const TABLES = PROJECTION_TABLES.map((table) => `'${table}'`).join(', ')
const DEFINITION = `${FOLD_VERSION} ${sha256(projections)}`

/** The tables that are folds of the log. */
export function createProjections(database: DatabaseSync): void {
  database.exec(projections)
}

/** Whether the tables were made as this program makes them; otherwise they are to be made anew from the log. */
export function areProjectionsCurrent(database: DatabaseSync): boolean {
  return database.prepare('SELECT definition FROM projections').get()?.['definition'] === DEFINITION
}

/** Whether all the tables are there, whatever is in them. */
export function areProjectionsThere(database: DatabaseSync): boolean {
  const tables = database.prepare(
    `SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name IN (${TABLES})`,
  )
  return tables.get()?.['n'] === PROJECTION_TABLES.length
}

export function markProjectionsCurrent(database: DatabaseSync): void {
  database.exec('DELETE FROM projections')
  database.prepare('INSERT INTO projections (definition) VALUES (?)').run(DEFINITION)
}

function prepare(database: DatabaseSync, path: string, mode: OpenDatabase['mode']): Failure | undefined {
  // Waiting is ours (transaction.ts): SQLite's own is up to 8 times slower among several writers.
  database.exec('PRAGMA busy_timeout = 0')
  const found = identityOf(database)
  if (found.format > FORMAT) return { code: 'store_newer', path, found: found.format, known: FORMAT }
  if (found.format === FORMAT) {
    if (found.application !== APPLICATION_ID) return damaged(path, FOREIGN)
    const fault = shapeFault(database)
    if (fault !== undefined) return damaged(path, fault)
    // A backup that was put back has no WAL: it is readable also where nothing can be written.
    if (mode === 'write' && journalMode(database) !== 'wal') database.exec('PRAGMA journal_mode = WAL')
  } else {
    if (found.things !== 0) return damaged(path, FOREIGN)
    if (mode === 'read') return { code: 'store_missing', path }
    database.exec('PRAGMA journal_mode = WAL')
    create(database)
  }
  // FULL: a commit survives the loss of power. Checkpointing early keeps the WAL short for the next process to read.
  database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256')
  // What is erased must not live on in the free space of a page.
  if (mode === 'write') database.exec('PRAGMA secure_delete = ON')
  return undefined
}

/** What the file says it is, in one look: another process may be making it at this moment. */
function identityOf(database: DatabaseSync): {
  readonly format: number
  readonly application: number
  readonly things: number
} {
  database.exec('BEGIN')
  try {
    const things = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'])
    return { format: pragma(database, 'user_version'), application: pragma(database, 'application_id'), things }
  } finally {
    database.exec('COMMIT')
  }
}

function create(database: DatabaseSync): void {
  inTransaction(database, () => {
    // Another process may have been faster.
    if (pragma(database, 'user_version') !== 0) return
    database.exec(schema)
    createProjections(database)
    markProjectionsCurrent(database)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}`)
  })
}

const FOREIGN = 'the file is a database of another program'
/** What makes the tables of the log, word for word: SQLite keeps these words. */
const LOG_TABLES = new Map([...schema.matchAll(/^CREATE TABLE (\w+) [^;]*/gm)].map(([sql, name]) => [name, sql]))

/** A view or a trigger could show one log to `verify` and another one to others, and so could tables of another make. */
function shapeFault(database: DatabaseSync): string | undefined {
  for (const { type, name, sql } of database.prepare('SELECT type, name, sql FROM sqlite_schema').all()) {
    if (type === 'view' || type === 'trigger') return `it has a ${type} that is not ours: ${String(name)}`
    const expected = LOG_TABLES.get(String(name))
    if (expected !== undefined && (type !== 'table' || sql !== expected)) return `its table ${String(name)} is not ours`
  }
  return undefined
}

function damaged(path: string, reason: string): Failure {
  return { code: 'store_damaged', path, reason }
}

function journalMode(database: DatabaseSync): unknown {
  return database.prepare('PRAGMA journal_mode').get()?.['journal_mode']
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}
