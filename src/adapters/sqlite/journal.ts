import type { DatabaseSync } from 'node:sqlite'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { isSealing } from '#domain/proof/sealing.ts'
import type { EventDraft, RunEvent } from '#domain/run/event.ts'
import { isEnded, type RunId, type RunStatus } from '#domain/run/run.ts'
import type {
  Append,
  Appended,
  Delivered,
  Delivery,
  Inbound,
  InboundPage,
  Journal,
  Liveness,
  ReadyRun,
  RunHistory,
} from '#engine/journal-port.ts'
import type { CommitQueue, Transaction } from './commit-queue.ts'
import { erasedFailure } from './erasure-fact.ts'
import { EVENT_COLUMNS, type EventRow, readEvent } from './rows.ts'
import { settle } from './transaction.ts'

/** The largest body of an event, in bytes of JSON. Larger things belong into artifacts. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024

/** A row numbered 0 or less is none of ours, wherever it says that it belongs. */
const OURS = 'seq > 0'
const INBOUND = `${OURS} AND type IN ('signal.received', 'run.cancel_requested')`

export interface JournalParts {
  readonly database: DatabaseSync
  readonly path: string
  readonly queue: CommitQueue
  readonly liveness: Liveness
}

interface RunRow {
  readonly status: RunStatus
  readonly epoch: number
  readonly owner: string | null
  readonly erased_at: number | null
}

/** The journal over SQLite. */
export function sqliteJournal(parts: JournalParts): Journal {
  const { database, path, queue, liveness } = parts
  const readRun = database.prepare('SELECT status, epoch, owner, erased_at FROM runs WHERE id = ?')
  const readLast = database.prepare('SELECT coalesce(max(run_seq), 0) AS last FROM events WHERE run_id = ? AND seq > 0')
  const readSince = database.prepare(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE run_id = ? AND run_seq > ? AND ${INBOUND} ORDER BY run_seq`,
  )
  const readRunEvents = database.prepare(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE run_id = ? AND ${OURS} ORDER BY run_seq`,
  )
  // What came for a run that was erased since is nobody's news.
  const readInbound = database.prepare(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE seq > ? AND ${INBOUND} AND NOT (body IS NULL
     AND EXISTS (SELECT 1 FROM runs WHERE id = run_id AND erased_at IS NOT NULL)) ORDER BY seq`,
  )
  const readHead = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM events')
  const readDedupe = database.prepare('SELECT seq FROM events WHERE run_id = ? AND dedupe_key = ? AND seq > 0')
  const readWaiting = database.prepare(
    `SELECT id, status FROM runs WHERE ended_at IS NULL
     AND (status = 'queued' OR (status = 'waiting' AND ready_at <= ?)) ORDER BY status, ready_at LIMIT ?`,
  )
  const readRunning = database.prepare(
    `SELECT id, status, owner FROM runs WHERE ended_at IS NULL AND status = 'running'`,
  )

  // The columns are those of the prepared statement.
  const runOf = (runId: RunId) => readRun.get(runId) as RunRow | undefined
  const isOwned = (run: RunRow) => run.owner !== null && run.owner !== liveness.owner && liveness.isAlive(run.owner)
  const lastSeqOf = (runId: RunId) => Number(readLast.get(runId)?.['last'])

  return {
    append: async (append) => {
      const drafts = append.park === undefined ? append.events : [...append.events, append.park]
      const tooLarge = drafts.map(sizeFailure).find((failure) => failure !== undefined)
      if (tooLarge !== undefined) return err(tooLarge)
      return await queue.commit({
        work: (transaction) => write(transaction, append),
        seals: drafts.some(({ type }) => isSealing(type)),
      })
    },
    deliver: async (delivery) => {
      const tooLarge = sizeFailure(delivery.draft)
      if (tooLarge !== undefined) return err(tooLarge)
      return await queue.commit({ work: (transaction) => deliver(transaction, delivery), seals: false })
    },
    history: async (runId, how) => await settle(path, () => readHistory(runId, how?.leavesOutUnreadable === true)),
    inboundAfter: async (seq) => await settle(path, () => inboundAfter(seq)),
    ready: async ({ now, limit }) =>
      await settle<readonly ReadyRun[]>(path, () => ok([...waitingRuns(now, limit), ...abandonedRuns(limit)])),
  }

  function write(transaction: Transaction, append: Append): Result<Appended, Failure> {
    const { runId, epoch, actor } = append
    const run = runOf(runId)
    const refused = refusal(append, run)
    if (refused !== undefined) return err(refused)
    let runSeq = lastSeqOf(runId)
    const inbound = runSeq > append.seenRunSeq ? inboundOf(runId, append.seenRunSeq) : ok([])
    if (!inbound.ok) return inbound
    // What the writer has not seen may only be what others added: a dead owner's last word counts, too.
    if (run !== undefined && inbound.value.length < runSeq - append.seenRunSeq) return err(fenced(runId, run))
    const parked = append.park !== undefined && inbound.value.length === 0
    const drafts = parked && append.park !== undefined ? [...append.events, append.park] : append.events
    for (const draft of drafts) {
      runSeq += 1
      transaction.write(draft, { runId, runSeq, epoch, actor })
    }
    return ok({ lastRunSeq: runSeq, inbound: inbound.value, parked })
  }

  function refusal(append: Append, run: RunRow | undefined): Failure | undefined {
    const { runId, take } = append
    if (take === 'create') return run === undefined ? undefined : fenced(runId, run)
    if (run === undefined) return { code: 'unknown_run', run: runId }
    if (isEnded(run.status)) return { code: 'run_ended', run: runId, status: run.status }
    return take === 'own' ? staleness(append, run, 0) : takeoverFailure(append, run)
  }

  function takeoverFailure(append: Append, run: RunRow): Failure | undefined {
    if (isOwned(run)) return { code: 'run_owned', run: append.runId, owner: String(run.owner) }
    return staleness(append, run, 1)
  }

  function deliver(transaction: Transaction, { runId, actor, draft, notAfter }: Delivery): Result<Delivered, Failure> {
    const run = runOf(runId)
    if (run === undefined) return err({ code: 'unknown_run', run: runId })
    const first = draft.dedupeKey === undefined ? undefined : readDedupe.get(runId, draft.dedupeKey)
    if (first !== undefined) return ok({ seq: Number(first['seq']), fresh: false })
    if (isEnded(run.status)) return err({ code: 'run_ended', run: runId, status: run.status })
    if (notAfter !== undefined && transaction.at >= notAfter) {
      return err({ code: 'signal_late', run: runId, not_after: notAfter })
    }
    const seq = transaction.write(draft, { runId, runSeq: lastSeqOf(runId) + 1, epoch: run.epoch, actor })
    return ok({ seq, fresh: true })
  }

  function readHistory(runId: RunId, leavesOutUnreadable: boolean): Result<RunHistory, Failure> {
    const run = runOf(runId)
    if (run === undefined) return err({ code: 'unknown_run', run: runId })
    const erased = run.erased_at === null ? undefined : erasedFailure(database, runId)
    if (erased !== undefined) return err(erased)
    const events: RunEvent[] = []
    for (const row of readRunEvents.iterate(runId)) {
      const event = readEvent(row as unknown as EventRow)
      if (event.ok) events.push(event.value)
      else if (!leavesOutUnreadable) return event
    }
    const lastRunSeq = lastSeqOf(runId)
    return ok({ status: run.status, epoch: run.epoch, owned: isOwned(run), lastRunSeq, events })
  }

  function inboundAfter(seq: number): Result<InboundPage, Failure> {
    const lastSeq = Number(readHead.get()?.['seq'])
    const events = collect(readInbound.all(seq))
    return events.ok ? ok({ lastSeq, events: events.value }) : events
  }

  function inboundOf(runId: RunId, afterRunSeq: number): Result<readonly Inbound[], Failure> {
    return collect(readSince.all(runId, afterRunSeq))
  }

  function waitingRuns(now: number, limit: number): readonly ReadyRun[] {
    return readWaiting.all(now, limit).map((row) => ({ runId: row['id'] as RunId, status: row['status'] as RunStatus }))
  }

  function abandonedRuns(limit: number): readonly ReadyRun[] {
    const dead = readRunning.all().filter((row) => !liveness.isAlive(String(row['owner'])))
    return dead.slice(0, limit).map((row) => ({ runId: row['id'] as RunId, status: 'running' }))
  }
}

/** A writer that counts on another epoch has been away while somebody else had the run. */
function staleness(append: Append, run: RunRow, raise: 0 | 1): Failure | undefined {
  return run.epoch === append.epoch - raise ? undefined : fenced(append.runId, run)
}

function fenced(run: RunId, { epoch }: RunRow): Failure {
  return { code: 'run_fenced', run, epoch }
}

function sizeFailure(draft: EventDraft): Failure | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(draft.body))
  if (bytes <= BODY_LIMIT_BYTES) return undefined
  return { code: 'value_too_large', what: draft.type, bytes, limit_bytes: BODY_LIMIT_BYTES }
}

function collect(rows: readonly unknown[]): Result<readonly Inbound[], Failure> {
  const events: Inbound[] = []
  for (const row of rows) {
    const event = readEvent(row as EventRow)
    if (!event.ok) return event
    // The statement selects these types alone.
    events.push(event.value as Inbound)
  }
  return ok(events)
}
