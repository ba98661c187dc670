import { drainMicrotasks } from 'bun:jsc'
import type { DatabaseSync } from 'node:sqlite'
import type { Marks, Signer, SigningKey } from '#app/proof-port.ts'
import type { Clock } from '#base/clock.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ChainHead } from '#domain/proof/chain.ts'
import { checkpointText, formatNote } from '#domain/proof/checkpoint.ts'
import type { EventDraft } from '#domain/run/event.ts'
import { FORMAT } from './database.ts'
import type { EventWriter, Place } from './event-writer.ts'
import { settle } from './transaction.ts'

/** How many requests one transaction takes. */
const BATCH_LIMIT = 1000

/** Work inside a transaction. What it writes is there only if the whole transaction is. */
export interface Transaction {
  /** The time of everything that it writes. */
  readonly at: number
  /** The last event that was there before it. */
  readonly begin: number
  write(draft: EventDraft, place: Omit<Place, 'at'>): number
}

/** One process's writes to the store: whatever is asked for at the same time becomes one commit. */
export interface CommitQueue {
  /**
   * Does the work in a transaction and resolves once it is durable. The work may run again from the start, so it
   * must have no effect but its writes, and must not have written anything when it returns a failure. `seals` asks for
   * a signed checkpoint over the log in the same transaction, and `isLast` that nothing comes between the two but what
   * asks for the same.
   */
  commit<T>(request: {
    readonly work: (transaction: Transaction) => Result<T, Failure>
    readonly seals: boolean
    readonly isLast?: boolean
  }): Promise<Result<T, Failure>>
}

export interface QueueParts {
  readonly database: DatabaseSync
  readonly path: string
  readonly writer: EventWriter
  readonly clock: Clock
  readonly store: StoreIdentity
  readonly key: SigningKey
  readonly marks: Marks
  readonly actor: string
  readonly onCommit: () => void
}

/** The store's own id, made with its first event. */
export interface StoreIdentity {
  id(): string | undefined
  create(): string
  /** The transaction that created it was rolled back. */
  forget(): void
}

interface Request {
  readonly work: (transaction: Transaction) => Result<unknown, Failure>
  readonly seals: boolean
  readonly isLast: boolean
  readonly resolve: (result: Result<never, Failure>) => void
}

export function commitQueue(parts: QueueParts): CommitQueue {
  const { database, path, writer, clock, store } = parts
  const insertCheckpoint = database.prepare('INSERT OR REPLACE INTO checkpoints (size, note) VALUES (?, ?)')
  const readHash = database.prepare('SELECT hash FROM events WHERE seq = ?')
  const waiting: Request[] = []
  let isFlushing = false
  let isStoreChecked = false

  return {
    commit: ({ work, seals, isLast = false }) =>
      new Promise((resolve) => {
        waiting.push({ work, seals, isLast, resolve: resolve as Request['resolve'] })
        if (!isFlushing) schedule()
      }),
  }

  function schedule(): void {
    isFlushing = true
    setImmediate(() => void flush())
  }

  async function flush(): Promise<void> {
    const batch = waiting.splice(0, BATCH_LIMIT)
    // A bug of ours fails what was asked for; it must not stop the queue.
    const results = await commitBatch(batch).catch((error: unknown) => () => internal(String(error)))
    // One at a time, each until it is idle: what a result sets going must not run inside another's turn.
    batch.forEach((request, index) => {
      request.resolve(results(index))
      drainMicrotasks()
    })
    parts.onCommit()
    isFlushing = false
    if (waiting.length > 0) schedule()
  }

  async function commitBatch(batch: readonly Request[]): Promise<(index: number) => Result<never, Failure>> {
    const signer = batch.some((request) => request.seals) ? await parts.key.signer() : undefined
    // Without a key nothing can be sealed; what needs no seal does not suffer from that.
    if (signer !== undefined && !signer.ok) return await commitUnsealed(batch, signer)
    const committed = await transactWith(batch, signer?.value)
    if (!committed.ok) return () => committed
    const { results, sealed } = committed.value
    if (sealed !== undefined) {
      // The events are durable; a mark that could not be raised only leaves an older one to be found later.
      parts.marks.raise(store.id() ?? '', { size: sealed.seq, hash: sealed.hash })
    }
    return (index) => (results[index] ?? internal('a request has no result')) as Result<never, Failure>
  }

  async function commitUnsealed(
    batch: readonly Request[],
    refusal: Result<never, Failure>,
  ): Promise<(index: number) => Result<never, Failure>> {
    const unsealed = batch.filter((request) => !request.seals)
    const results = unsealed.length === 0 ? () => refusal : await commitBatch(unsealed)
    return (index) => {
      const request = batch[index]
      return request === undefined || request.seals ? refusal : results(unsealed.indexOf(request))
    }
  }

  /** That the store was found behind is signed at once: until then, another restored copy would wipe it out. */
  async function transactWith(
    batch: readonly Request[],
    signer: Signer | undefined,
  ): Promise<Result<Committed, Failure>> {
    const committed = await settle(path, () => transact(batch, signer))
    if (!committed.ok || committed.value !== 'needs_signer') return committed as Result<Committed, Failure>
    const own = await parts.key.signer()
    return own.ok ? await transactWith(batch, own.value) : own
  }

  function transact(
    batch: readonly Request[],
    signer: Signer | undefined,
  ): Result<Committed | 'needs_signer', Failure> {
    database.exec('BEGIN IMMEDIATE')
    try {
      const at = clock.now()
      const { seq: begin } = writer.begin()
      const behind = identify(begin, at)
      if (behind && signer === undefined) {
        database.exec('ROLLBACK')
        return ok('needs_signer')
      }
      const transaction: Transaction = { at, begin, write: (draft, place) => writer.write(draft, { ...place, at }) }
      const results = workOf(batch, transaction)
      // What was refused asks for no seal, and a seal over what others left unsigned would vouch for it.
      const hasWritten = writer.head().seq > begin
      const sealed = signer === undefined || !hasWritten ? undefined : seal(signer, at)
      database.exec('COMMIT')
      isStoreChecked = true
      if (behind) parts.marks.forget(store.id() ?? '')
      return ok({ results, sealed })
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      store.forget()
      throw error
    }
  }

  /** The store's first event, or, once in a process, a look whether the store is as new as it was known to be. */
  function identify(last: number, at: number): boolean {
    const place = { runId: null, runSeq: null, epoch: 0, actor: parts.actor, at }
    if (last === 0) {
      writer.write({ type: 'store.created', body: { format: FORMAT, store: store.create() } }, place)
      return false
    }
    if (isStoreChecked) return false
    const mark = parts.marks.highest(store.id() ?? '')
    if (!mark.ok || mark.value === undefined) return false
    const found = readHash.get(mark.value.size)
    const found_hash = found === undefined ? null : String(found['hash'])
    if (found_hash === mark.value.hash) return false
    const body = { mark_seq: mark.value.size, mark_hash: mark.value.hash, found_seq: last, found_hash }
    writer.write({ type: 'store.behind', body }, place)
    return true
  }

  function seal(signer: Signer, at: number): ChainHead {
    const head = writer.head()
    const text = checkpointText({ store: store.id() ?? '', size: head.seq, hash: head.hash, at })
    insertCheckpoint.run(head.seq, formatNote(text, signer, signer.sign(text)))
    return head
  }
}

interface Committed {
  readonly results: readonly Result<unknown, Failure>[]
  readonly sealed: ChainHead | undefined
}

function workOf(batch: readonly Request[], transaction: Transaction): readonly Result<unknown, Failure>[] {
  const results = new Map<Request, Result<unknown, Failure>>()
  for (const isLast of [false, true])
    for (const request of batch) if (request.isLast === isLast) results.set(request, request.work(transaction))
  return batch.flatMap((request) => results.get(request) ?? [])
}

function internal(detail: string): Result<never, Failure> {
  return err({ code: 'internal', incident: 'commit', detail })
}
