import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { JobHistory } from '#activities/job-history-port.ts'
import type { TaskHistory } from '#activities/task-history-port.ts'
import type { Eraser } from '#app/eraser-port.ts'
import type { Marks, SigningKey } from '#app/proof-port.ts'
import type { LogReader, StoreReader, StoreWatch } from '#app/store-port.ts'
import type { Clock } from '#base/clock.ts'
import { ulid } from '#base/id.ts'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Journal, Liveness } from '#engine/journal-port.ts'
import { type CommitQueue, commitQueue, type StoreIdentity } from './commit-queue.ts'
import { areProjectionsCurrent, areProjectionsThere, type OpenDatabase, openDatabase } from './database.ts'
import { eventWriter } from './event-writer.ts'
import { sqliteJobHistory } from './job-history.ts'
import { sqliteJournal } from './journal.ts'
import { isOwnerAlive } from './liveness.ts'
import { sqliteLogReader } from './log-reader.ts'
import { projectionOn } from './projection.ts'
import { rebuildProjections } from './projection-check.ts'
import { sqliteReader } from './reader.ts'
import { salts } from './salts.ts'
import { sqliteTaskHistory } from './task-history.ts'
import { inTransaction, settle } from './transaction.ts'
import { storeWatch } from './watch.ts'

export const DATABASE_FILE = 'store.db'
export const OWNERS_FOLDER = 'owners'

export interface StoreOptions {
  readonly directory: string
  readonly clock: Clock
  readonly liveness: Liveness
  readonly key: SigningKey
  readonly marks: Marks
  /** Who writes what no run's principal writes. */
  readonly actor: string
}

/** A store opened for writing. */
export interface WritableStore {
  readonly journal: Journal
  readonly reader: StoreReader
  readonly watch: StoreWatch
  /** Loaded when something is to be erased. */
  eraser(): Promise<Eraser>
  readonly history: JobHistory
  readonly taskHistory: TaskHistory
  /** Folds the whole log into empty projections. */
  rebuild(): Promise<Result<void, Failure>>
  close(): void
}

export async function openStore(options: StoreOptions): Promise<Result<WritableStore, Failure>> {
  const path = join(options.directory, DATABASE_FILE)
  const opened = await openCurrent({ path, mode: 'write' })
  if (!opened.ok) return opened
  const database = opened.value
  const identity = storeIdentity(database, options.clock)
  const projection = projectionOn(database)
  const stream = () => `local/${identity.id() ?? ''}`
  const writer = eventWriter({ database, projection, salts: salts(), stream })
  const watch = storeWatch(database)
  const queue: CommitQueue = commitQueue({ ...options, database, path, writer, store: identity, onCommit: watch.hint })
  const journal = sqliteJournal({ database, path, queue, liveness: options.liveness })
  const reader = sqliteReader({ database, path, isAlive: options.liveness.isAlive })
  const { key, liveness } = options
  return ok({
    journal,
    reader,
    watch,
    eraser: async () => {
      const { sqliteEraser } = await import('./eraser.ts')
      return sqliteEraser({ database, path, queue, key, isAlive: (owner) => liveness.isAlive(owner) })
    },
    history: sqliteJobHistory(database, path),
    taskHistory: sqliteTaskHistory(database, path),
    rebuild: async () => await rebuild(database, path),
    close: () => database.close(),
  })
}

interface ReadableStore {
  readonly reader: StoreReader
  readonly log: LogReader
  readonly watch: StoreWatch
}

/** A store opened for looking at it; nothing is created or changed but tables that another version made. */
export async function openReadableStore(directory: string): Promise<Result<ReadableStore, Failure>> {
  const path = join(directory, DATABASE_FILE)
  const opened = await openCurrent({ path, mode: 'read' })
  return opened.ok ? ok(readableStore(directory, opened.value)) : opened
}

/** A store opened to examine it: not even tables of another version are made anew. */
export async function openStoreAsItIs(directory: string): Promise<Result<ExaminedStore, Failure>> {
  const path = join(directory, DATABASE_FILE)
  const opened = await openDatabase({ path, mode: 'read' })
  if (!opened.ok) return opened
  const isCurrent = await settle(path, () => ok(canBeUsed(opened.value, 'write')))
  if (!isCurrent.ok) return isCurrent
  const readable = readableStore(directory, opened.value)
  return ok({ ...readable, isCurrent: isCurrent.value, quickCheck: async () => await quickCheck(opened.value, path) })
}

interface ExaminedStore extends ReadableStore {
  readonly isCurrent: boolean
  quickCheck(): Promise<Result<string | undefined, Failure>>
}

/** What SQLite says of its file without comparing indexes with tables; the projections are compared by `verify`. */
async function quickCheck(database: DatabaseSync, path: string): Promise<Result<string | undefined, Failure>> {
  return await settle(path, () => {
    const found = String(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'])
    return ok(found === 'ok' ? undefined : found)
  })
}

function readableStore(directory: string, database: DatabaseSync): ReadableStore {
  const path = join(directory, DATABASE_FILE)
  const isAlive = (owner: string) => isOwnerAlive(join(directory, OWNERS_FOLDER), owner)
  const reader = sqliteReader({ database, path, isAlive })
  return { reader, log: sqliteLogReader({ database, path }), watch: storeWatch(database) }
}

/** Tables that another version made are made anew: they are never migrated. */
async function openCurrent(options: OpenDatabase): Promise<Result<DatabaseSync, Failure>> {
  const opened = await openDatabase(options)
  if (!opened.ok) return opened
  const current = await settle(options.path, () => ok(canBeUsed(opened.value, options.mode)))
  // What cannot even say how it was made is left to whoever came to look at the damage.
  if (!current.ok) return options.mode === 'read' ? opened : current
  if (current.value) return opened
  const rebuilt = await rebuild(opened.value, options.path)
  return rebuilt.ok ? opened : rebuilt
}

/** A missing table is damage: who writes mends it, who reads may have come to look at it. */
function canBeUsed(database: DatabaseSync, mode: OpenDatabase['mode']): boolean {
  return areProjectionsCurrent(database) && (mode === 'read' || areProjectionsThere(database))
}

async function rebuild(database: DatabaseSync, path: string): Promise<Result<void, Failure>> {
  return await settle(path, () => ok(inTransaction(database, () => rebuildProjections(database))))
}

function storeIdentity(database: DatabaseSync, clock: Clock): StoreIdentity {
  const read = database.prepare('SELECT stream FROM events WHERE seq = 1')
  let id: string | undefined
  return {
    id: () => {
      if (id === undefined) {
        const row = read.get()
        if (row !== undefined) id = String(row['stream']).replace(/^.*\//, '')
      }
      return id
    },
    create: () => {
      id = ulid(clock.now(), Math.random)
      return id
    },
    forget: () => {
      id = undefined
    },
  }
}
