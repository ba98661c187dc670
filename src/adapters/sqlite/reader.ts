import type { DatabaseSync } from 'node:sqlite'
import type { AskedQuestion, LastJob, RunFilter, RunSummary, StoreReader } from '#app/store-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { RunId, RunStatus } from '#domain/run/run.ts'
import { EVENT_COLUMNS, type EventRow, readEvent } from './rows.ts'
import { settle } from './transaction.ts'

export interface ReaderParts {
  readonly database: DatabaseSync
  readonly path: string
  readonly isAlive: (owner: string) => boolean
}

interface RunRow {
  readonly id: string
  readonly workflow: string
  readonly name: string
  readonly status: RunStatus
  readonly owner: string | null
  readonly ready_at: number | null
  readonly queued_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
}

const RUN_COLUMNS = 'id, workflow, name, status, owner, ready_at, queued_at, started_at, ended_at'

/** Answers questions about the store from its projections. */
export function sqliteReader({ database, path, isAlive }: ReaderParts): StoreReader {
  const all = (sql: string, ...values: readonly (string | number)[]) => database.prepare(sql).all(...values)
  const one = (sql: string, ...values: readonly (string | number)[]) => database.prepare(sql).get(...values)
  const ask = async <T>(work: () => Result<T, Failure>) => await settle(path, work)
  // The columns of each statement are those of its row type; STRICT tables keep the types.
  const runsOf = (rows: readonly unknown[]) => (rows as readonly RunRow[]).map(summaryOf)

  return {
    findRun: async (text) => await ask(() => findRun(text)),
    listRuns: async (filter) => await ask(() => ok(listRuns(filter))),
    lastJobs: async (names) => await ask(() => ok(lastJobs(names))),
    interruptedRuns: async () => await ask(() => ok(running().filter((run) => run.interrupted))),
    runEvents: async (runId, afterRunSeq) => await ask(() => ok(runEvents(runId, afterRunSeq))),
    findQuestion: async (number) =>
      await ask(() => ok(all('SELECT * FROM questions WHERE number = ?', number).map(questionOf)[0])),
    openQuestions: async (runId) => await ask(() => ok(openQuestions(runId))),
    nextDue: async () =>
      await ask(() => {
        const row = one(`SELECT min(ready_at) AS due FROM runs WHERE ended_at IS NULL AND status = 'waiting'`)
        return ok(row?.['due'] === null || row === undefined ? null : Number(row['due']))
      }),
    head: async () =>
      await ask(() => {
        const row = one('SELECT seq, stream, hash FROM events ORDER BY seq DESC LIMIT 1')
        if (row === undefined) return err({ code: 'store_missing', path })
        return ok({
          store: String(row['stream']).replace(/^.*\//, ''),
          seq: Number(row['seq']),
          hash: String(row['hash']),
        })
      }),
    close: () => database.close(),
  }

  function findRun(text: string): Result<RunSummary, Failure> {
    const select = `SELECT ${RUN_COLUMNS} FROM runs`
    const [found, another] = runsOf(all(`${select} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`, text, `${text}~`))
    if (found !== undefined && (another === undefined || found.id === text)) return ok(found)
    const [named] = runsOf(all(`${select} WHERE name = ? ORDER BY id DESC LIMIT 1`, text))
    if (named !== undefined) return ok(named)
    return err({ code: 'unknown_run', run: text, ...(another !== undefined && { nearest: another.id }) })
  }

  function listRuns({ name, status, limit }: RunFilter): readonly RunSummary[] {
    if (status === 'interrupted')
      return running()
        .filter((run) => run.interrupted && (name === undefined || run.name === name))
        .slice(0, limit)
    const conditions = [...(name === undefined ? [] : ['name = ?']), ...(status === undefined ? [] : ['status = ?'])]
    const values = [...(name === undefined ? [] : [name]), ...(status === undefined ? [] : [status])]
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
    return runsOf(all(`SELECT ${RUN_COLUMNS} FROM runs ${where} ORDER BY id DESC LIMIT ?`, ...values, limit))
  }

  function running(): readonly RunSummary[] {
    return runsOf(all(`SELECT ${RUN_COLUMNS} FROM runs WHERE ended_at IS NULL AND status = 'running' ORDER BY id DESC`))
  }

  function lastJobs(names: readonly string[]): ReadonlyMap<string, LastJob> {
    const find = database.prepare('SELECT * FROM last_jobs WHERE job = ?')
    const found = new Map<string, LastJob>()
    for (const job of names) {
      const row = find.get(job)
      if (row === undefined) continue
      const place = { job, runId: row['run_id'] as RunId, number: Number(row['number']), exit: Number(row['exit']) }
      found.set(job, { ...place, startedAt: Number(row['started_at']), endedAt: Number(row['ended_at']) })
    }
    return found
  }

  function runEvents(runId: RunId, afterRunSeq: number): { events: RunEvent[]; unreadable: Failure[] } {
    const events: RunEvent[] = []
    const unreadable: Failure[] = []
    const select = `SELECT ${EVENT_COLUMNS} FROM events WHERE run_id = ? AND run_seq > ? ORDER BY run_seq`
    for (const row of database.prepare(select).iterate(runId, afterRunSeq)) {
      const event = readEvent(row as unknown as EventRow)
      if (event.ok) events.push(event.value)
      else unreadable.push(event.error)
    }
    return { events, unreadable }
  }

  function openQuestions(runId: RunId | undefined): readonly AskedQuestion[] {
    const open = `SELECT * FROM questions WHERE state = 'open'`
    const rows =
      runId === undefined ? all(`${open} ORDER BY number`) : all(`${open} AND run_id = ? ORDER BY number`, runId)
    return rows.map(questionOf)
  }

  function summaryOf(row: RunRow): RunSummary {
    return {
      // Only run ids are written into this column.
      id: row.id as RunId,
      workflow: row.workflow,
      name: row.name,
      status: row.status,
      interrupted: row.status === 'running' && (row.owner === null || !isAlive(row.owner)),
      readyAt: row.ready_at,
      queuedAt: row.queued_at,
      startedAt: row.started_at,
      endedAt: row.ended_at,
    }
  }
}

function questionOf(row: Record<string, unknown>): AskedQuestion {
  const nullable = (value: unknown) => (value === null ? null : String(value))
  return {
    number: Number(row['number']),
    id: String(row['id']),
    runId: String(row['run_id']) as RunId,
    wait: row['wait'] === null ? null : Number(row['wait']),
    text: String(row['text']),
    choices: JSON.parse(String(row['choices'])) as readonly string[],
    asker: String(row['asker']),
    askedAt: Number(row['asked_at']),
    deadline: row['deadline'] === null ? null : Number(row['deadline']),
    state: String(row['state']) as AskedQuestion['state'],
    choice: nullable(row['choice']),
    closedBy: nullable(row['closed_by']),
  }
}
