import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { endingOf, endStatus } from '#domain/run/ending.ts'
import type { EventBodies, EventDraft, PauseReason, RunEvent } from '#domain/run/event.ts'
import type { EndStatus, RunId } from '#domain/run/run.ts'
import { EmbeddedHost, type HostedRun, type HostParts } from './embedded-host.ts'
import type { Stop } from './host-port.ts'
import type { Appended, Inbound, Liveness, RunHistory } from './journal-port.ts'
import { executable, inFlight, lastPause, queuedEvent, reasonToAsk } from './recovery.ts'
import { execute } from './scheduler.ts'
import type { FindWorkflow, Workflow } from './workflow.ts'

/** What a forked run takes over, as the events in which it stands in its log. */
export type Borrowing = Extract<EventDraft, { readonly type: 'run.borrowed' }>

export interface WorkerParts extends HostParts {
  readonly findWorkflow: FindWorkflow
  readonly liveness: Liveness
  /** Makes the question that a paused run asks; undefined where it asks none. */
  readonly askAbout: (runId: RunId, reason: PauseReason) => EventBodies['run.paused']['question']
}

/** What became of a run in this process. */
export type Outcome =
  | { readonly kind: 'ended'; readonly status: EndStatus; readonly result: Result<Json, Failure> }
  /** Nothing but waits is open; it goes on at `readyAt`, or when a signal comes. */
  | { readonly kind: 'waiting'; readonly readyAt: number | null }
  | { readonly kind: 'paused'; readonly reason: PauseReason }
  /** This process cannot go on with it; the store says where the run stands. */
  | { readonly kind: 'stopped'; readonly failure: Failure }

/** Executes runs in this process: new ones, and those that it takes over from the store. */
export class Worker {
  readonly #parts: WorkerParts
  readonly #hosts = new Map<RunId, EmbeddedHost>()
  /** Runs that are being taken over, with what came for them before they had a host. */
  readonly #taking = new Map<RunId, Inbound[]>()
  #inboundSeq: number | undefined

  constructor(parts: WorkerParts) {
    this.#parts = parts
  }

  get runs(): readonly RunId[] {
    return [...this.#hosts.keys()]
  }

  /** Begins a new run and stays with it until it ends or only waits. */
  async begin(runId: RunId, queued: EventBodies['run.queued'], borrowed: readonly Borrowing[] = []): Promise<Outcome> {
    const listening = await this.#listen()
    if (!listening.ok) return stopped(listening.error)
    const workflow = await this.#parts.findWorkflow(queued.workflow)
    if (workflow === undefined) return stopped({ code: 'workflow_unknown', workflow: queued.workflow })
    const first: EventDraft[] = [
      { type: 'run.queued', body: queued },
      ...borrowed,
      { type: 'run.started', body: { owner: this.#parts.liveness.owner } },
    ]
    // A replay will read the input from the journal, so the first execution is given what will be read there.
    const input = JSON.parse(canonicalJson(queued.input))
    return await this.#execute(workflow, input, { runId, epoch: 1, history: [], lastRunSeq: 0, first })
  }

  /** Takes a run over where its journal ends. Unattended, it asks first where a second start could do harm. */
  async goOn(runId: RunId, how: { readonly unattended: boolean }): Promise<Outcome> {
    const listening = await this.#listen()
    if (!listening.ok) return stopped(listening.error)
    if (this.#hosts.has(runId) || this.#taking.has(runId))
      return stopped({ code: 'run_owned', run: runId, owner: 'this process' })
    const came: Inbound[] = []
    this.#taking.set(runId, came)
    try {
      return await this.#goOnListening(runId, how)
    } finally {
      // Once the run is let go, it may already be in the hands of a later call.
      if (this.#taking.get(runId) === came) this.#taking.delete(runId)
    }
  }

  /** Closes a run that no living process executes: ends what it left running, and records why. */
  async close(
    runId: RunId,
    cancel: { readonly actor: string; readonly signal: string | null },
  ): Promise<Result<void, Failure>> {
    const history = await this.#parts.journal.history(runId, { leavesOutUnreadable: true })
    if (!history.ok) return history
    const { actor, signal } = cancel
    const events: EventDraft[] = [{ type: 'run.cancel_requested', body: { signal } }]
    const taken = await this.#take(runId, history.value, { actor, events })
    if (!taken.ok) return taken
    await this.endLeftovers(runId, history.value.events)
    const failure: Failure = { code: 'cancelled', by: actor, ...(signal !== null && { signal }) }
    const closed = await this.#parts.journal.append({
      runId,
      take: 'own',
      epoch: history.value.epoch + 1,
      actor,
      seenRunSeq: taken.value.lastRunSeq,
      events: [{ type: 'run.cancelled', body: { failure } }],
    })
    if (!closed.ok) return closed
    for (const activity of Object.values(this.#parts.activities)) {
      activity.letGo?.(runId)
      activity.ended?.(runId)
    }
    return ok()
  }

  /** Whatever is ending in this process ends without further grace. */
  hurry(): void {
    for (const host of this.#hosts.values()) host.hurry()
  }

  /** Asks the store what came from outside for the runs of this process. Call it whenever the store has changed. */
  async notice(): Promise<Result<void, Failure>> {
    if (this.#isIdle || this.#inboundSeq === undefined) return ok()
    const page = await this.#parts.journal.inboundAfter(this.#inboundSeq)
    if (!page.ok) return page
    this.#inboundSeq = page.value.lastSeq
    for (const event of page.value.events) {
      const host = this.#hosts.get(event.runId)
      if (host === undefined) this.#taking.get(event.runId)?.push(event)
      else host.notice(event)
    }
    return ok()
  }

  get #isIdle(): boolean {
    return this.#hosts.size + this.#taking.size === 0
  }

  /** From here on nothing that comes from outside is missed: what came before stands in the history. */
  async #listen(): Promise<Result<void, Failure>> {
    if (!this.#isIdle) return ok()
    const page = await this.#parts.journal.inboundAfter(Number.MAX_SAFE_INTEGER)
    if (!page.ok) return page
    // Another run may have begun to listen in the meantime; it must not miss what came since then.
    if (this.#isIdle) this.#inboundSeq = page.value.lastSeq
    return ok()
  }

  async #goOnListening(runId: RunId, how: { readonly unattended: boolean }): Promise<Outcome> {
    const history = await this.#parts.journal.history(runId)
    if (!history.ok) return stopped(history.error)
    const workflow = await executable(runId, history.value, this.#parts.findWorkflow)
    if (!workflow.ok) return stopped(workflow.error)
    if (how.unattended && history.value.status === 'paused')
      return { kind: 'paused', reason: lastPause(history.value.events) }
    const reason = how.unattended ? reasonToAsk(history.value) : undefined
    if (reason !== undefined) return await this.#pause(runId, history.value, reason)
    return await this.#takeOver(runId, history.value, { workflow: workflow.value, ...how })
  }

  /** Ends what dead owners of this run left running, without touching the run itself; says how much that was. */
  async endLeftovers(runId: RunId, events: readonly RunEvent[]): Promise<number> {
    const ended = await Promise.all(
      inFlight(events).map(async ({ body }) => {
        const activity = this.#parts.activities[body.activity]
        return (await activity?.endLeftovers?.(`${runId}/${body.number}`)) ?? 0
      }),
    )
    return ended.reduce((sum, count) => sum + count, 0)
  }

  async #takeOver(
    runId: RunId,
    history: RunHistory,
    how: { readonly unattended: boolean; readonly workflow: Workflow },
  ): Promise<Outcome> {
    const restarted = inFlight(history.events).map((step) => step.body.number)
    const { owner } = this.#parts.liveness
    const isFirst = !history.events.some((event) => event.type === 'run.started')
    const claim: EventDraft = isFirst
      ? { type: 'run.started', body: { owner } }
      : { type: 'run.resumed', body: { owner, unattended: how.unattended && history.status === 'running', restarted } }
    const taken = await this.#take(runId, history, { actor: this.#parts.actor, events: [claim] })
    if (!taken.ok) return stopped(taken.error)
    await this.endLeftovers(runId, history.events)
    const input = queuedEvent(history.events)?.body.input ?? null
    const { epoch } = history
    const { lastRunSeq, inbound } = taken.value
    const run = { runId, epoch: epoch + 1, history: [...history.events, ...inbound], lastRunSeq, first: [] }
    return await this.#execute(how.workflow, input, run)
  }

  async #pause(runId: RunId, history: RunHistory, reason: PauseReason): Promise<Outcome> {
    const question = this.#parts.askAbout(runId, reason)
    const taken = await this.#take(runId, history, {
      actor: this.#parts.actor,
      events: [{ type: 'run.paused', body: { reason, question } }],
    })
    return taken.ok ? { kind: 'paused', reason } : stopped(taken.error)
  }

  /** Raises the epoch and writes the events that say why; gives what came in the meantime. */
  async #take(
    runId: RunId,
    history: RunHistory,
    write: { readonly actor: string; readonly events: readonly EventDraft[] },
  ): Promise<Result<Appended, Failure>> {
    return await this.#parts.journal.append({
      runId,
      take: 'takeover',
      epoch: history.epoch + 1,
      seenRunSeq: history.lastRunSeq,
      ...write,
    })
  }

  async #execute(workflow: Workflow, input: Json, run: HostedRun): Promise<Outcome> {
    const host = new EmbeddedHost(this.#parts, run)
    this.#hosts.set(run.runId, host)
    for (const inbound of this.#taking.get(run.runId) ?? []) host.notice(inbound)
    this.#taking.delete(run.runId)
    try {
      const executed = await execute(workflow, input, host)
      if (!executed.ok) return await this.#stop(executed.error, host, run.runId)
      const ending = endingOf(executed.value)
      const stop = await host.end(ending)
      if (stop !== undefined) return await this.#stop(stop, host, run.runId)
      return { kind: 'ended', status: endStatus(ending.type), result: executed.value }
    } finally {
      this.#hosts.delete(run.runId)
    }
  }

  async #stop(stop: Stop, host: EmbeddedHost, runId: RunId): Promise<Outcome> {
    if (stop.kind === 'parked') return { kind: 'waiting', readyAt: stop.readyAt }
    const { failure } = stop
    await host.abandon(failure)
    switch (failure.code) {
      // Going on from the journal would only come to the same point again.
      case 'value_too_large':
      case 'nondeterministic_await': {
        const unwritten = await host.endAtOnce({ type: 'run.failed', body: { failure } })
        if (unwritten?.kind === 'stopped') return stopped(unwritten.failure)
        return { kind: 'ended', status: 'failed', result: err(failure) }
      }
      case 'replay_mismatch': {
        const reason: PauseReason = { kind: 'failure', failure }
        const question = this.#parts.askAbout(runId, reason)
        await host.endAtOnce({ type: 'run.paused', body: { reason, question } })
        return stopped(failure)
      }
      default:
        return stopped(failure)
    }
  }
}

function stopped(failure: Failure): Outcome {
  return { kind: 'stopped', failure }
}
