import type { DatabaseSync } from 'node:sqlite'
import type { BegunErasure, Eraser, EventContents, ExclusiveLook, OpenTry } from '#app/eraser-port.ts'
import type { SigningKey } from '#app/proof-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { grouped } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { ErasureReason } from '#domain/run/erasure.ts'
import { isEnded, type RunId, type RunStatus } from '#domain/run/run.ts'
import type { CommitQueue, Transaction } from './commit-queue.ts'
import { erasureFact } from './erasure-fact.ts'
import { type EndedRun, erasureSummary } from './erasure-summary.ts'
import { lastUnsignedFact, signedFactsFrom } from './signed-fact.ts'
import { inTransaction, settle } from './transaction.ts'

export interface EraserParts {
  readonly database: DatabaseSync
  readonly path: string
  readonly queue: CommitQueue
  readonly key: SigningKey
  readonly isAlive: (owner: string) => boolean
}

const PAGE_ROWS = 500
/** A digest as JSON has it. Anything of that form counts as a name: to keep a file too many does no harm. */
const DIGESTS = /"[0-9a-f]{64}"/g
/** How often a reader that is in the way is waited for, and how long each time. */
const CHECKPOINT_TRIES = 100
const CHECKPOINT_PAUSE_MS = 50

/** Erasing over SQLite. */
export function sqliteEraser(parts: EraserParts): Eraser {
  const { database, path, queue } = parts
  const readRun = database.prepare(
    'SELECT workflow, name, status, epoch, queued_at, started_at, ended_at, erased_at FROM runs WHERE id = ?',
  )
  return {
    begin: async (runId, why) =>
      await queue.commit({ work: (transaction) => begin(transaction, runId, why), seals: true, isLast: true }),
    begun: async () => {
      const verifier = await parts.key.verifier()
      if (!verifier.ok) return verifier
      return await settle(path, () => ok(begunErasures(database, verifier.value)))
    },
    lastRuns: async () =>
      await settle(path, () => {
        const rows = database.prepare('SELECT DISTINCT run_id FROM last_jobs').all()
        // Only run ids are written into this column.
        return ok(new Set(rows.map((row) => String(row['run_id']) as RunId)))
      }),
    contents: (among) => contents(parts, among),
    exclusively: async (work) => await settle(path, () => ok(exclusively(parts, work))),
    empty: async (runIds) => await settle(path, () => ok(empty(database, runIds))),
    rewrite: async () => await rewrite(parts),
  }

  function begin(
    transaction: Transaction,
    runId: RunId,
    { actor, reason }: { readonly actor: string; readonly reason: ErasureReason },
  ): Result<boolean, Failure> {
    // The columns are those of the statement.
    const run = readRun.get(runId) as (EndedRun & { readonly status: RunStatus; readonly epoch: number }) | undefined
    if (run === undefined) return err({ code: 'unknown_run', run: runId })
    if (!isEnded(run.status)) return err({ code: 'run_open', run: runId, status: run.status })
    if (run.erased_at !== null) return ok(false)
    // Nobody signed it; our own checkpoint would speak for it.
    const forged = lastUnsignedFact(database, transaction.begin)
    if (forged !== undefined) return err({ code: 'store_damaged', path, reason: forgedReason(forged) })
    const through = lastRunSeq(database, runId)
    const body = { through, reason, summary: erasureSummary(database, runId, run) }
    transaction.write({ type: 'run.erased', body }, { runId, runSeq: through + 1, epoch: run.epoch, actor })
    return ok(true)
  }
}

function forgedReason(seq: number): string {
  return `event ${grouped(seq)} says that a run was erased, and nobody signed it`
}

function lastRunSeq(database: DatabaseSync, runId: RunId): number {
  const row = database.prepare('SELECT max(run_seq) AS last FROM events WHERE run_id = ? AND seq > 0').get(runId)
  return Number(row?.['last'])
}

function begunErasures(
  database: DatabaseSync,
  verifier: Parameters<typeof signedFactsFrom>[2],
): readonly BegunErasure[] {
  const unfinished = database.prepare(
    `SELECT id FROM runs WHERE erased_at IS NOT NULL AND EXISTS (SELECT 1 FROM events WHERE run_id = id AND seq > 0
     AND type <> 'run.erased' AND (body IS NOT NULL OR salt IS NOT NULL))`,
  )
  // Only run ids are written into this column.
  const facts = unfinished.all().flatMap((row) => erasureFact(database, String(row['id']) as RunId) ?? [])
  let signedUpTo = 0
  return facts
    .toSorted((left, right) => left.seq - right.seq)
    .flatMap(({ seq, runId, body }) => {
      // Nothing is destroyed on the word of an event that anybody could have chained.
      if (seq > signedUpTo) signedUpTo = signedFactsFrom(database, seq, verifier) ?? 0
      return seq <= signedUpTo ? [{ runId, summary: body.summary }] : []
    })
}

async function* contents(
  { database, path }: EraserParts,
  among: ReadonlySet<string>,
): AsyncGenerator<Result<readonly EventContents[], Failure>> {
  const select = database.prepare(
    `SELECT seq, run_id, body FROM events WHERE seq > ? AND body IS NOT NULL ORDER BY seq LIMIT ${PAGE_ROWS}`,
  )
  for (let last = 0; ; ) {
    const page = await settle(path, () => ok(select.all(last).map((row) => contentsOf(row, among))))
    if (page.ok && page.value.length === 0) return
    yield page
    if (!page.ok) return
    last = page.value.at(-1)?.seq ?? last
  }
}

function contentsOf(row: Readonly<Record<string, unknown>>, among: ReadonlySet<string>): EventContents {
  const body = String(row['body'])
  const runId = row['run_id'] === null ? null : (String(row['run_id']) as RunId)
  return { seq: Number(row['seq']), runId, bytes: Buffer.byteLength(body) + 32, digests: digestsIn(body, among) }
}

function digestsIn(body: string, among: ReadonlySet<string>): readonly string[] {
  if (among.size === 0) return []
  const found = new Set([...body.matchAll(DIGESTS)].map(([quoted]) => quoted.slice(1, -1)))
  return [...found].filter((digest) => among.has(digest))
}

/** The lock of a writer, held for as long as the work takes and given back without having written. */
function exclusively<T>({ database, isAlive }: EraserParts, work: (look: ExclusiveLook) => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    return work({
      namedAfter: (seq, among) => namedAfter(database, seq, among),
      tries: () => openTries(database, isAlive),
    })
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK')
  }
}

function namedAfter(
  database: DatabaseSync,
  seq: number,
  among: ReadonlySet<string>,
): { readonly digests: ReadonlySet<string>; readonly last: number } {
  const digests = new Set<string>()
  let last = seq
  const select = database.prepare(
    `SELECT seq, body FROM events WHERE seq > ? AND body IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM runs WHERE id = run_id AND erased_at IS NOT NULL) ORDER BY seq`,
  )
  for (const row of select.iterate(seq)) {
    for (const digest of digestsIn(String(row['body']), among)) digests.add(digest)
    last = Number(row['seq'])
  }
  return { digests, last }
}

/** By what is committed: a try begins after the event that says so, and is over with the event that says that. */
function openTries(database: DatabaseSync, isAlive: (owner: string) => boolean): readonly OpenTry[] {
  const running = database.prepare(`SELECT id, epoch, owner FROM runs WHERE ended_at IS NULL AND status = 'running'`)
  const steps = database.prepare(
    `SELECT type, json_extract(body, '$.number') AS number, json_extract(body, '$.attempt') AS attempt FROM events
     WHERE run_id = ? AND seq > 0 AND type IN ('step.started', 'step.retried', 'step.succeeded', 'step.failed')
     ORDER BY run_seq`,
  )
  return running.all().flatMap((run) => {
    if (!isAlive(String(run['owner']))) return []
    const open = new Map<number, number>()
    for (const { type, number, attempt } of steps.all(String(run['id']))) {
      if (type === 'step.succeeded' || type === 'step.failed') open.delete(Number(number))
      else open.set(Number(number), type === 'step.started' ? 1 : Number(attempt))
    }
    return [...open].map(([number, attempt]) => ({
      key: `${run['id']}/${number}`,
      start: `${number}.${run['epoch']}.${attempt}`,
    }))
  })
}

function empty(database: DatabaseSync, runIds: readonly RunId[]): void {
  const update = database.prepare(
    `UPDATE events SET body = NULL, salt = NULL WHERE run_id = ? AND seq > 0 AND type <> 'run.erased'
     AND EXISTS (SELECT 1 FROM runs WHERE id = run_id AND erased_at IS NOT NULL)`,
  )
  inTransaction(database, () => {
    for (const runId of runIds) update.run(runId)
  })
}

/** Pages that were split or joined keep copies of rows in their free space: only a new file has none. */
async function rewrite({ database, path }: EraserParts): Promise<Result<void, Failure>> {
  const rewritten = await settle(path, () => ok(database.exec('VACUUM')))
  if (!rewritten.ok) return rewritten
  for (let round = 0; round < CHECKPOINT_TRIES; round++) {
    const truncated = await settle(path, () => ok(database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy']))
    if (!truncated.ok) return truncated
    if (truncated.value === 0) return ok()
    await new Promise((resolve) => setTimeout(resolve, CHECKPOINT_PAUSE_MS))
  }
  return err({ code: 'store_busy', path, waited_ms: CHECKPOINT_TRIES * CHECKPOINT_PAUSE_MS })
}
