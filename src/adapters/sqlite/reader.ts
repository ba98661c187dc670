import type { DatabaseSync } from 'node:sqlite'
import type {
  AskedQuestion,
  LastJob,
  RunEvents,
  RunFilter,
  RunForks,
  RunSummary,
  RunsAround,
  StoreReader,
} from '#app/store-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { RunId, RunStatus } from '#domain/run/run.ts'
import { erasureFact } from './erasure-fact.ts'
import { prepared } from './prepared.ts'
import { EVENT_COLUMNS, type EventRow, readEvent } from './rows.ts'
import { taskStates } from './task-states.ts'
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
  readonly erased_at: number | null
  readonly scripted: number
}

const SELECT_RUNS =
  'SELECT id, workflow, name, status, owner, ready_at, queued_at, started_at, ended_at, erased_at, scripted FROM runs'
/** As a limit, none. */
const EVERY = -1

/** Answers questions about the store from its projections. */
export function sqliteReader({ database, path, isAlive }: ReaderParts): StoreReader {
  const all = (sql: string, ...values: readonly (string | number)[]) => prepared(database, sql).all(...values)
  const one = (sql: string, ...values: readonly (string | number)[]) => prepared(database, sql).get(...values)
  const ask = async <T>(work: () => Result<T, Failure>) => await settle(path, work)
  // The columns of each statement are those of its row type; STRICT tables keep the types.
  const runsOf = (rows: readonly unknown[]) => (rows as readonly RunRow[]).map(summaryOf)

  return {
    findRun: async (text) => await ask(() => findRun(text)),
    listRuns: async (filter) => await ask(() => ok(listRuns(filter))),
    runsAround: async (job, at) => await ask(() => ok(runsAround(job, at))),
    lastJobs: async (names) => await ask(() => ok(lastJobs(names))),
    runsAfter: async (runId, limit) =>
      await ask(() => ok(runsOf(all(`${SELECT_RUNS} WHERE id > ? ORDER BY id LIMIT ?`, runId ?? '', limit)))),
    taskStates: async (names) => await ask(() => ok(taskStates(database, names))),
    interruptedRuns: async () => await ask(() => ok(interrupted())),
    runEvents: async (runId, afterRunSeq) => await ask(() => ok(runEvents(runId, afterRunSeq))),
    forks: async (runId) => await ask(() => ok(forks(runId))),
    findQuestion: async (number) =>
      await ask(() => ok(all('SELECT * FROM questions WHERE number = ?', number).map(questionOf)[0])),
    openQuestions: async (runId) => await ask(() => ok(openQuestions(runId))),
    nextDue: async () =>
      await ask(() => {
        const row = one(`SELECT min(ready_at) AS due FROM runs WHERE ended_at IS NULL AND status = 'waiting'`)
        return ok(row?.['due'] === null || row === undefined ? null : Number(row['due']))
      }),
    close: () => database.close(),
  }

  function findRun(text: string): Result<RunSummary, Failure> {
    const prefixed = `${SELECT_RUNS} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`
    const [found, another] = runsOf(all(prefixed, text, `${text}~`))
    if (found !== undefined && (another === undefined || found.id === text)) return ok(found)
    const [named] = listRuns({ name: text, limit: 1 })
    if (named !== undefined) return ok(named)
    return err({ code: 'unknown_run', run: text, ...(another !== undefined && { nearest: another.id }) })
  }

  function listRuns({ name, status, limit }: RunFilter): readonly RunSummary[] {
    if (status === 'interrupted') return interrupted(name).slice(0, limit)
    const from = name === undefined ? SELECT_RUNS : `${SELECT_RUNS} JOIN run_jobs ON run_id = id AND job = ?`
    const where = status === undefined ? '' : 'WHERE status = ?'
    // By the table that a name is looked up in, so that nothing has to be sorted.
    const newestFirst = `ORDER BY ${name === undefined ? 'id' : 'run_id'} DESC LIMIT ?`
    const values = [name, status].filter((value) => value !== undefined)
    return runsOf(all(`${from} ${where} ${newestFirst}`, ...values, limit))
  }

  function runsAround(job: string, at: number): RunsAround {
    const first = (where: string, order: string, ...values: readonly number[]) =>
      runsOf(
        all(
          `${SELECT_RUNS} JOIN run_jobs ON run_id = id AND job = ? WHERE ${where} ORDER BY run_id ${order} LIMIT 1`,
          job,
          ...values,
        ),
      )[0]
    const during = first('queued_at <= ? AND (ended_at IS NULL OR ended_at >= ?)', 'DESC', at, at)
    if (during !== undefined) return { during }
    const [before, after] = [first('queued_at <= ?', 'DESC', at), first('queued_at > ?', 'ASC', at)]
    return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
  }

  function interrupted(name?: string): readonly RunSummary[] {
    const running = listRuns({ ...(name !== undefined && { name }), status: 'running', limit: EVERY })
    return running.filter((run) => run.interrupted)
  }

  function lastJobs(names: readonly string[]): ReadonlyMap<string, LastJob> {
    const find = prepared(database, 'SELECT * FROM last_jobs WHERE job = ?')
    const found = new Map<string, LastJob>()
    for (const job of names) {
      const row = find.get(job)
      if (row === undefined) continue
      const place = { job, runId: row['run_id'] as RunId, number: Number(row['number']), exit: Number(row['exit']) }
      found.set(job, { ...place, startedAt: Number(row['started_at']), endedAt: Number(row['ended_at']) })
    }
    return found
  }

  function runEvents(runId: RunId, afterRunSeq: number): RunEvents {
    const erased = erasureFact(database, runId)
    // What an interrupted erasing left behind is erased as well.
    if (erased !== undefined) return { events: erased.runSeq > afterRunSeq ? [erased] : [], unreadable: [], erased }
    const events: RunEvent[] = []
    const unreadable: Failure[] = []
    const select = `SELECT ${EVENT_COLUMNS} FROM events WHERE run_id = ? AND run_seq > ? AND seq > 0 ORDER BY run_seq`
    for (const row of prepared(database, select).iterate(runId, afterRunSeq)) {
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

  function forks(runId: RunId): RunForks {
    const linkOf = (row: Record<string, unknown>) => ({ run: String(row['run']), step: String(row['step']) })
    const [from] = all('SELECT of_run AS run, step FROM forks WHERE run_id = ?', runId).map(linkOf)
    const to = all('SELECT run_id AS run, step FROM forks WHERE of_run = ? ORDER BY run_id', runId).map(linkOf)
    return { ...(from !== undefined && { from }), to }
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
      erasedAt: row.erased_at,
      scripted: row.scripted === 1,
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
