import type { DatabaseSync } from 'node:sqlite'
import type { JobHistory, LastEnd } from '#activities/job-history-port.ts'
import { ok } from '#base/result.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { EVENT_COLUMNS, type EventRow, readEvent } from './rows.ts'
import { settle } from './transaction.ts'

/** Finds the ends of jobs in the log: the projection says where, the event what, once it matches its digest. */
export function sqliteJobHistory(database: DatabaseSync, path: string): JobHistory {
  const find = `SELECT seq FROM checked_ends WHERE job = ? AND directory = ? ORDER BY seq DESC LIMIT 1`
  const read = `SELECT ${EVENT_COLUMNS} FROM events WHERE seq = ?`
  return {
    lastEnd: async (job, directory) =>
      await settle(path, () => {
        const seq = database.prepare(find).get(job, directory)?.['seq']
        // The columns are those of the row's type; STRICT tables keep the types.
        const row = seq === undefined ? undefined : database.prepare(read).get(Number(seq))
        return ok(row === undefined ? undefined : lastEndOf(row as unknown as EventRow))
      }),
  }
}

/** What was erased or altered says nothing any more. */
function lastEndOf(row: EventRow): LastEnd | undefined {
  const event = readEvent(row)
  if (!event.ok) return undefined
  const { runId: run, type, body } = event.value
  if (type !== 'step.succeeded') return { run }
  // The command's activity answers with a report, and only with that.
  const { fingerprint } = body.output as CommandReport
  return { run, ...(fingerprint !== undefined && { fingerprint }) }
}
