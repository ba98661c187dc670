import type { Clock } from '#base/clock.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { LOCAL_TENANT } from '#domain/people/principal.ts'
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

interface MemoryRun {
  status: RunStatus
  epoch: number
  owner: string | null
  readyAt: number | null
  readonly waits: Map<number, string>
  readonly events: RunEvent[]
  /** Whether what it did was erased, and is gone. */
  erased: 'no' | 'begun' | 'emptied'
}

/** What the journal port promises, in as few words as possible: the measure for every other implementation. */
export class MemoryLog {
  readonly runs = new Map<RunId, MemoryRun>()
  readonly #clock: Clock
  #seq: number

  /** The first event gets the number after `lastSeq`. */
  constructor(clock: Clock, lastSeq = 0) {
    this.#clock = clock
    this.#seq = lastSeq
  }

  get lastSeq(): number {
    return this.#seq
  }

  append(liveness: Liveness, append: Append): Result<Appended, Failure> {
    const { runId, take, epoch, actor, events, seenRunSeq, park } = append
    const found = this.runs.get(runId)
    const refused = refusal(liveness, append, found)
    if (refused !== undefined) return err(refused)
    const run = found ?? newRun(epoch)
    if (take === 'create') this.runs.set(runId, run)
    const unseen = run.events.slice(seenRunSeq)
    const inbound = unseen.filter(isInbound)
    if (inbound.length < unseen.length) return err({ code: 'run_fenced', run: runId, epoch: run.epoch })
    const parked = park !== undefined && inbound.length === 0
    for (const draft of parked ? [...events, park] : events) this.#write(runId, { draft, epoch, actor })
    return ok({ lastRunSeq: run.events.length, inbound, parked })
  }

  deliver({ runId, actor, draft }: Delivery): Result<Delivered, Failure> {
    const run = this.runs.get(runId)
    if (run === undefined) return err({ code: 'unknown_run', run: runId })
    const key = draft.dedupeKey
    const first = key === undefined ? undefined : run.events.find(({ dedupeKey }) => dedupeKey === key)
    if (first !== undefined) return ok({ seq: first.seq, fresh: false })
    if (isEnded(run.status)) return err({ code: 'run_ended', run: runId, status: run.status })
    this.#write(runId, { draft, epoch: run.epoch, actor })
    return ok({ seq: this.#seq, fresh: true })
  }

  history(liveness: Liveness, runId: RunId): Result<RunHistory, Failure> {
    const run = this.runs.get(runId)
    if (run === undefined) return err({ code: 'unknown_run', run: runId })
    const { status, epoch, events } = run
    const fact = events.at(-1)
    if (fact?.type === 'run.erased')
      return err({
        code: 'body_erased',
        run: runId,
        by: fact.actor,
        at: new Date(fact.at).toISOString(),
        seq: fact.seq,
      })
    const owned = isOwned(liveness, run)
    return ok({ status, epoch, owned, lastRunSeq: events.length, events: [...events] })
  }

  /** Writes the fact that a run is erased, in words of the caller's. */
  erase(runId: RunId, { actor, draft }: { readonly actor: string; readonly draft: EventDraft }): void {
    const run = this.runs.get(runId)
    if (run === undefined) throw new Error(`no run ${runId}`)
    this.#write(runId, { draft, epoch: run.epoch, actor })
    run.erased = 'begun'
  }

  inboundAfter(seq: number): Result<InboundPage, Failure> {
    const kept = [...this.runs.values()].filter(({ erased }) => erased !== 'emptied')
    const events = kept.flatMap((run) => run.events.filter(isInbound))
    const after = events.filter((event) => event.seq > seq).sort((left, right) => left.seq - right.seq)
    return ok({ lastSeq: this.#seq, events: after })
  }

  ready(liveness: Liveness, query: { readonly now: number; readonly limit: number }): readonly ReadyRun[] {
    const { now, limit } = query
    const runs = [...this.runs].map(([runId, run]) => ({ runId, ...run }))
    const waiting = runs
      .filter((run) => run.status === 'queued' || (run.status === 'waiting' && run.readyAt !== null))
      .filter((run) => run.status === 'queued' || Number(run.readyAt) <= now)
      .sort((a, b) => a.status.localeCompare(b.status) || Number(a.readyAt) - Number(b.readyAt))
    const dead = runs.filter((run) => run.status === 'running' && !liveness.isAlive(String(run.owner)))
    const asReady = ({ runId, status }: ReadyRun): ReadyRun => ({ runId, status })
    return [...waiting.slice(0, limit).map(asReady), ...dead.slice(0, limit).map(asReady)]
  }

  #write(
    runId: RunId,
    { draft, epoch, actor }: { readonly draft: EventDraft; readonly epoch: number; readonly actor: string },
  ): void {
    const run = this.runs.get(runId)
    if (run === undefined) throw new Error(`no run ${runId}`)
    this.#seq += 1
    const body: Json = JSON.parse(canonicalJson(draft.body as Json))
    const place = { seq: this.#seq, runId, runSeq: run.events.length + 1, at: this.#clock.now() }
    const dedupeKey = draft.dedupeKey ?? null
    const event = { ...place, actor, tenant: LOCAL_TENANT, type: draft.type, epoch, dedupeKey, body }
    // The body is the draft's own, for the draft's type.
    run.events.push(event as unknown as RunEvent)
    fold(run, event as unknown as RunEvent)
  }
}

/** The journal port over such a log, as one process sees it. */
export function memoryJournal(log: MemoryLog, liveness: Liveness): Journal {
  return {
    append: async (append) => log.append(liveness, append),
    deliver: async (delivery) => log.deliver(delivery),
    history: async (runId) => log.history(liveness, runId),
    inboundAfter: async (seq) => log.inboundAfter(seq),
    ready: async (query) => ok(log.ready(liveness, query)),
  }
}

function newRun(epoch: number): MemoryRun {
  return { status: 'queued', epoch, owner: null, readyAt: null, waits: new Map(), events: [], erased: 'no' }
}

function refusal(liveness: Liveness, { runId, take, epoch }: Append, run: MemoryRun | undefined): Failure | undefined {
  if (run === undefined) return take === 'create' ? undefined : { code: 'unknown_run', run: runId }
  const fenced: Failure = { code: 'run_fenced', run: runId, epoch: run.epoch }
  if (take === 'create') return fenced
  if (isEnded(run.status)) return { code: 'run_ended', run: runId, status: run.status }
  if (take === 'own') return run.epoch === epoch ? undefined : fenced
  if (isOwned(liveness, run)) return { code: 'run_owned', run: runId, owner: String(run.owner) }
  return run.epoch === epoch - 1 ? undefined : fenced
}

function isOwned(liveness: Liveness, { owner }: MemoryRun): boolean {
  return owner !== null && owner !== liveness.owner && liveness.isAlive(owner)
}

function isInbound(event: RunEvent): event is Inbound {
  return event.type === 'signal.received' || event.type === 'run.cancel_requested'
}

function fold(run: MemoryRun, event: RunEvent): void {
  Object.assign(run, stateAfter(event))
  switch (event.type) {
    case 'run.cancel_requested':
      run.epoch = Math.max(run.epoch, event.epoch)
      if (run.status === 'waiting') run.readyAt = 0
      break
    case 'signal.received':
      if (run.status === 'waiting' && [...run.waits.values()].includes(event.body.signal)) run.readyAt = 0
      break
    case 'wait.opened':
      run.waits.set(event.body.number, event.body.signal)
      break
    case 'wait.closed':
    case 'signal.taken':
      run.waits.delete(event.body.number)
      break
    default:
  }
}

/** Where a run stands after an event that says so. */
function stateAfter({ type, epoch, body }: RunEvent): Partial<MemoryRun> {
  switch (type) {
    case 'run.started':
    case 'run.resumed':
      return { status: 'running', epoch, owner: body.owner, readyAt: null }
    case 'run.waiting':
      return { status: 'waiting', epoch, owner: null, readyAt: body.ready_at }
    case 'run.paused':
      return { status: 'paused', epoch, owner: null, readyAt: null }
    case 'run.succeeded':
    case 'run.failed':
    case 'run.cancelled':
    case 'run.timed_out':
      return { status: type.slice('run.'.length) as RunStatus, epoch, owner: null, readyAt: null }
    default:
      return {}
  }
}
