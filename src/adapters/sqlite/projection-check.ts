import { DatabaseSync } from 'node:sqlite'
import { saltedDigest } from '#base/digest.ts'
import { grouped } from '#base/text.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { createProjections, markProjectionsCurrent, PROJECTION_TABLES } from './database.ts'
import { type Projection, projectionOn } from './projection.ts'
import { STORED_EVENTS } from './stored-events.ts'

/** No fold searches by these, and to keep them takes as long as the folds themselves. */
const UNUSED_INDEXES = ['open_runs', 'runs_by_status'] as const
const LISTED_EVENTS = 10
const PAGE_ROWS = 200
/** The largest number that SQLite knows. */
const LAST_NUMBER = 2n ** 63n - 1n

interface Check {
  fold(event: StoredEvent, isWhole: boolean): void
  differences(): readonly string[]
  close(): void
}

/**
 * Folds the readable log once more, elsewhere, and says in words where the store's projections differ from it. What
 * somebody changed may be of any shape, so that folding or reading it fails; that is a difference, too.
 */
export function projectionCheck(database: DatabaseSync): Check {
  const fresh = freshProjections()
  const projection = projectionOn(fresh, { isAlone: true })
  const unfolded: string[] = []
  let last = 0

  function fold(event: StoredEvent, isWhole: boolean): void {
    const { seq } = event
    // What is numbered below 1 is none of ours.
    if (seq <= 0) return
    last = seq
    try {
      foldStored(projection, event, isWhole)
    } catch (error) {
      if (unfolded.length < LISTED_EVENTS) unfolded.push(`event ${grouped(seq)} cannot be folded: ${messageOf(error)}`)
    }
  }

  function differences(): readonly string[] {
    // One look at the store: others write to it in the meantime.
    database.exec('BEGIN')
    try {
      forEachEvent(database, last, (event) => fold(event, false))
      return [...unfolded, ...PROJECTION_TABLES.flatMap((table) => tableDifferences(database, fresh, table))]
    } finally {
      if (database.isTransaction) database.exec('ROLLBACK')
    }
  }

  return { fold, differences, close: () => fresh.close() }
}

/** Empties the projections and folds the readable log into them. Runs inside a transaction of the caller's. */
export function rebuildProjections(database: DatabaseSync): void {
  for (const table of PROJECTION_TABLES) database.exec(`DROP TABLE IF EXISTS ${table}`)
  createProjections(database)
  markProjectionsCurrent(database)
  const projection = projectionOn(database)
  forEachEvent(database, 0, (event) => foldStored(projection, event, false))
}

/** Projections of nothing, in a transaction that never ends: they are thrown away. */
function freshProjections(): DatabaseSync {
  // Without a name, SQLite keeps it in memory while it is small, and then in a temporary file.
  const fresh = new DatabaseSync('')
  fresh.exec('PRAGMA cache_size = -65536')
  createProjections(fresh)
  for (const index of UNUSED_INDEXES) fresh.exec(`DROP INDEX ${index}`)
  fresh.exec('BEGIN')
  return fresh
}

function forEachEvent(database: DatabaseSync, after: number, call: (event: StoredEvent) => void): void {
  const select = database.prepare(STORED_EVENTS)
  for (let last = after; ; ) {
    // The columns are those of the statement.
    const events = select.all(last, LAST_NUMBER, PAGE_ROWS) as unknown as readonly StoredEvent[]
    for (const event of events) call(event)
    const end = events.at(-1)
    if (end === undefined || end.seq <= last) return
    last = end.seq
  }
}

/** Folds an event that can be read, as `readEvent` reads it; most bodies need not even be parsed. */
function foldStored(projection: Projection, event: StoredEvent, isWhole: boolean): void {
  if (!projection.folds(event.type)) return
  const readable = readStored(event, isWhole)
  if (readable === undefined) projection.pass(event.type)
  else projection.fold(readable)
}

function readStored(event: StoredEvent, isWhole: boolean): RunEvent | undefined {
  const { seq, at, actor, tenant, epoch, type, dedupeKey, body, salt } = event
  if (body === null || salt === null || event.version !== 1) return undefined
  if (!isWhole && saltedDigest(salt, body) !== event.bodyDigest) return undefined
  const place = { seq, runId: event.runId ?? '', runSeq: event.runSeq ?? 0, dedupeKey }
  try {
    // The digest says that this program wrote the body, and for this type.
    return { ...place, at, actor, tenant, epoch, type, body: JSON.parse(body) } as unknown as RunEvent
  } catch {
    return undefined
  }
}

function tableDifferences(actual: DatabaseSync, expected: DatabaseSync, table: string): readonly string[] {
  try {
    const columns = columnsOf(expected, table)
    // A row as one text: to hand over each of its columns takes twice as long.
    const select = `SELECT json_array(${columns}) AS row FROM ${table} ORDER BY ${columns.slice(0, 2)}`
    const found = actual.prepare(select).iterate()
    const wanted = expected.prepare(select).iterate()
    if (columnsOf(actual, table).join() !== columns.join()) return [`table ${table} has other columns`]
    for (let row = 1; ; row++) {
      const [left, right] = [found.next(), wanted.next()]
      if (left.done === true && right.done === true) return []
      if (left.value?.['row'] !== right.value?.['row']) return [`table ${table} differs from row ${row} on`]
    }
  } catch (error) {
    return [`table ${table} cannot be read: ${messageOf(error)}`]
  }
}

function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  return database
    .prepare('SELECT name FROM pragma_table_xinfo(?)')
    .all(table)
    .map((row) => String(row['name']))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
