import type { DatabaseSync } from 'node:sqlite'
import type { FailureOf } from '#domain/failure.ts'
import type { EventOf } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { prepared } from './prepared.ts'
import { EVENT_COLUMNS, type EventRow, readEvent } from './rows.ts'

/** The fact that a run was erased, as far as it can be read. */
export function erasureFact(database: DatabaseSync, runId: RunId): EventOf<'run.erased'> | undefined {
  const last = prepared(
    database,
    'SELECT seq, type FROM events WHERE run_id = ? AND seq > 0 ORDER BY run_seq DESC LIMIT 1',
  )
  const found = last.get(runId)
  if (found?.['type'] !== 'run.erased') return undefined
  const row = prepared(database, `SELECT ${EVENT_COLUMNS} FROM events WHERE seq = ?`).get(Number(found['seq']))
  const event = readEvent(row as unknown as EventRow)
  return event.ok && event.value.type === 'run.erased' ? event.value : undefined
}

/** Why there is nothing to replay; undefined where the run was not erased. */
export function erasedFailure(database: DatabaseSync, runId: RunId): FailureOf<'body_erased'> | undefined {
  const fact = erasureFact(database, runId)
  if (fact === undefined) return undefined
  return { code: 'body_erased', run: runId, by: fact.actor, at: new Date(fact.at).toISOString(), seq: fact.seq }
}
