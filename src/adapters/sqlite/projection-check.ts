import { DatabaseSync } from 'node:sqlite'
import { createProjections, markProjectionsCurrent } from './database.ts'
import { projectionOn } from './projection.ts'
import { EVENT_COLUMNS, type EventRow, readEvent } from './rows.ts'

const TABLES = ['runs', 'waits', 'questions', 'last_jobs'] as const
const LISTED_EVENTS = 10

/**
 * Folds the readable log once more, elsewhere, and says in words where the store's projections differ from it. What
 * somebody changed may be of any shape, so that folding or reading it fails; that is a difference, too.
 */
export function projectionFaults(database: DatabaseSync): readonly string[] {
  // Without a name, SQLite keeps it in memory while it is small, and then in a temporary file.
  const fresh = new DatabaseSync('')
  try {
    createProjections(fresh)
    // One look at the store: others write to it in the meantime.
    database.exec('BEGIN')
    const unfolded: string[] = []
    const onError = (seq: number, error: Error) => {
      if (unfolded.length < LISTED_EVENTS) unfolded.push(`event ${seq} cannot be folded: ${error.message}`)
    }
    fresh.exec('BEGIN')
    foldAll({ source: database, target: fresh, onError })
    fresh.exec('COMMIT')
    return [...unfolded, ...TABLES.flatMap((table) => differences(database, fresh, table))]
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK')
    fresh.close()
  }
}

/** Empties the projections and folds the readable log into them. Runs inside a transaction of the caller's. */
export function rebuildProjections(database: DatabaseSync): void {
  for (const table of TABLES) database.exec(`DROP TABLE IF EXISTS ${table}`)
  createProjections(database)
  markProjectionsCurrent(database)
  foldAll({
    source: database,
    target: database,
    onError: (_, error) => {
      throw error
    },
  })
}

interface Fold {
  readonly source: DatabaseSync
  readonly target: DatabaseSync
  readonly onError: (seq: number, error: Error) => void
}

function foldAll({ source, target, onError }: Fold): void {
  const projection = projectionOn(target)
  const fold = (row: EventRow) => {
    try {
      const event = readEvent(row)
      if (event.ok) projection.fold(event.value)
    } catch (error) {
      onError(row.seq, error instanceof Error ? error : new Error(String(error)))
    }
  }
  const select = source.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT 2000`)
  for (let last = 0; ; ) {
    // The columns are those of the statement.
    const rows = select.all(last) as unknown as readonly EventRow[]
    for (const row of rows) fold(row)
    const end = rows.at(-1)
    if (end === undefined || end.seq <= last) return
    last = end.seq
  }
}

function differences(actual: DatabaseSync, expected: DatabaseSync, table: (typeof TABLES)[number]): readonly string[] {
  const select = `SELECT * FROM ${table} ORDER BY 1, 2`
  try {
    const found = actual.prepare(select).iterate()
    const wanted = expected.prepare(select).iterate()
    for (let row = 1; ; row++) {
      const [left, right] = [found.next(), wanted.next()]
      if (left.done === true && right.done === true) return []
      if (JSON.stringify(left.value) !== JSON.stringify(right.value))
        return [`table ${table} differs from row ${row} on`]
    }
  } catch (error) {
    return [`table ${table} cannot be read: ${error instanceof Error ? error.message : String(error)}`]
  }
}
