import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { LogExtent, LogRange, LogReader, ProjectionCheck, StoredNote } from '#app/store-port.ts'
import { breath } from '#base/breath.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import type { RunId } from '#domain/run/run.ts'
import { projectionCheck } from './projection-check.ts'
import { STORED_EVENTS } from './stored-events.ts'
import { settle } from './transaction.ts'

/** Rows are young when they are dropped: longer pages outlive the cheap collections of the runtime. */
const PAGE_ROWS = 200

const NOTES = 'SELECT size, note FROM checkpoints WHERE size > ? AND size <= ? ORDER BY size LIMIT ?'

/** One statement, so that all three are of the same commit. */
const EXTENT = `SELECT (SELECT stream FROM events ORDER BY seq LIMIT 1) AS stream,
  (SELECT max(seq) FROM events) AS events, (SELECT max(size) FROM checkpoints) AS checkpoints,
  (SELECT count(*) FROM events WHERE seq < 1) + (SELECT count(*) FROM checkpoints WHERE size < 1) AS strays`

/** Not by the index: what proves a run must not rely on what somebody could have changed beside the log. */
const SEGMENT = `WITH run AS (SELECT min(seq) AS first, max(seq) AS last FROM events NOT INDEXED WHERE run_id = ?)
  SELECT first, (SELECT max(size) FROM checkpoints WHERE size < first) AS before,
  coalesce((SELECT min(size) FROM checkpoints WHERE size >= last), (SELECT max(seq) FROM events)) AS up_to FROM run`

interface Place {
  readonly database: DatabaseSync
  readonly path: string
}

/** The log as it lies in SQLite. */
export function sqliteLogReader(place: Place): LogReader {
  const { database } = place
  return {
    path: place.path,
    extent: async () => await read(place, () => extent(database)),
    pages: (range) => pages<StoredEvent>(place, { sql: STORED_EVENTS, range, numberOf: ({ seq }) => seq }),
    notes: (range) => pages<StoredNote>(place, { sql: NOTES, range, numberOf: ({ size }) => size }),
    integrity: async () =>
      await read(place, () => {
        const found = String(database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'])
        return found === 'ok' ? undefined : found
      }),
    checkProjections: async () => await read(place, () => checkProjections(place)),
    segmentOf: async (runId) => await read(place, () => segmentOf(database, runId)),
  }
}

function checkProjections(place: Place): ProjectionCheck {
  const { fold, differences, close } = projectionCheck(place.database)
  return { fold, end: async () => await read(place, differences), [Symbol.dispose]: close }
}

function extent(database: DatabaseSync): LogExtent {
  const row = database.prepare(EXTENT).get()
  const stream = row?.['stream']
  const store = typeof stream === 'string' ? stream.replace(/^.*\//, '') : undefined
  return {
    store,
    events: Number(row?.['events'] ?? 0),
    checkpoints: Number(row?.['checkpoints'] ?? 0),
    strays: Number(row?.['strays'] ?? 0),
  }
}

function segmentOf(database: DatabaseSync, runId: RunId): LogRange | undefined {
  const row = database.prepare(SEGMENT).get(runId)
  if (row === undefined || row['first'] === null) return undefined
  // An event numbered 0 or less is none of ours, and must not stay unseen.
  return { after: Math.min(Number(row['before'] ?? 0), Number(row['first']) - 1), upTo: Number(row['up_to']) }
}

interface Pages<Row> {
  readonly sql: string
  readonly range: LogRange
  readonly numberOf: (row: Row) => number
}

async function* pages<Row>(
  place: Place,
  { sql, range, numberOf }: Pages<Row>,
): AsyncGenerator<Result<readonly Row[], Failure>> {
  let statement: StatementSync | undefined
  const select = (after: number, limit: number) =>
    read(place, () => {
      statement ??= place.database.prepare(sql)
      // The columns are those of the statement; that they hold what they should is the reader's to check.
      return statement.all(after, range.upTo, limit) as unknown as readonly Row[]
    })
  const air = breath()
  let limit = PAGE_ROWS
  for (let last = range.after; ; ) {
    // Without a turn for others, no signal would be heard before the end of a long log.
    await air.take()
    const rows = await select(last, limit)
    if (!rows.ok && limit === 1) return yield rows
    // Somewhere in the page is damage: one by one, everything before it can still be read.
    if (!rows.ok) limit = 1
    else {
      const end = rows.value.at(-1)
      if (end === undefined) return
      if (!(numberOf(end) > last)) return yield damaged(place, 'its rows are out of order')
      yield rows
      last = numberOf(end)
    }
  }
}

/** Damage can show itself as any error of SQLite, also as one that says nothing of damage. */
async function read<T>(place: Place, work: () => T): Promise<Result<T, Failure>> {
  try {
    return await settle(place.path, () => ok(work()))
  } catch (error) {
    if (error instanceof Error && ('errcode' in error || error instanceof RangeError || 'code' in error)) {
      return damaged(place, error.message)
    }
    throw error
  }
}

function damaged({ path }: Place, reason: string): Result<never, Failure> {
  return err({ code: 'store_damaged', path, reason })
}
