import type { Clock } from '#base/clock.ts'
import { uuid } from '#base/id.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { DrawKind, EventDraft, EventOf, RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Activities } from './activities.ts'
import { Attempts, type Try } from './attempts.ts'
import type { Command, Completion, Host, Stop } from './host-port.ts'
import type { Append, Inbound, Journal } from './journal-port.ts'
import { completionOf, inputDigest, Replay } from './replay.ts'
import { delayBeforeRetry } from './retry.ts'
import type { Timers } from './timers-port.ts'

/** How many events of a run may wait for their commit before no further completion is taken first. */
const BATCH_LIMIT = 256

export interface HostParts {
  readonly journal: Journal
  readonly activities: Activities
  readonly clock: Clock
  readonly timers: Timers
  readonly random: () => number
  /** Lets all that can go on without the outside go on, now. */
  readonly drain: () => void
  readonly actor: string
}

/** What a host begins with: a run taken over with its history, or a new one with the facts that make it. */
export interface HostedRun {
  readonly runId: RunId
  readonly epoch: number
  readonly history: readonly RunEvent[]
  readonly lastRunSeq: number
  /** Not written yet: they go with the first turn. */
  readonly first: readonly EventDraft[]
}

type StepCommand = Extract<Command, { readonly kind: 'step' }>
type Ended = EventOf<'step.succeeded' | 'step.failed' | 'timer.fired' | 'signal.taken'>
type EndedDraft = Extract<EventDraft, { readonly type: Ended['type'] }>

interface OpenStep {
  readonly kind: 'step'
  readonly command: StepCommand
  /** The try that runs or comes next. */
  attempt: number
  phase: 'unstarted' | 'running' | 'backing_off'
  cancelled: boolean
  dueAt: number | null
  stopTimer: () => void
}
interface OpenTimer {
  readonly kind: 'timer'
  readonly dueAt: number
  stopTimer: () => void
}
interface OpenWait {
  readonly kind: 'signal'
  readonly signal: string
}

/**
 * The host over a journal of ours. One turn's events are one append, together with the completion that set the turn
 * off; only after it is durable do the commands of the turn start. Several completions that are there at once go
 * through their turns first and are written together.
 */
export class EmbeddedHost implements Host {
  readonly #parts: HostParts
  readonly #run: HostedRun
  readonly #replay: Replay
  readonly #attempts: Attempts
  readonly #open = new Map<number, OpenStep | OpenTimer | OpenWait>()
  readonly #inbound = new Map<number, Inbound>()
  /** Signals that no wait has taken, and a cancellation that was not told, in the order they came. */
  readonly #untaken: Inbound[] = []
  readonly #ready: EndedDraft[] = []
  #cancelReason: Failure = { code: 'cancelled' }
  #pending: EventDraft[]
  #unstarted: number[] = []
  #lastRunSeq: number
  #isNew: boolean
  #isLive: boolean
  #fault: Failure | undefined
  #cancelTold = false
  #wake: (() => void) | undefined
  #isAwake = false

  constructor(parts: HostParts, run: HostedRun) {
    this.#parts = parts
    this.#run = run
    this.#pending = [...run.first]
    this.#lastRunSeq = run.lastRunSeq
    this.#isNew = run.lastRunSeq === 0
    this.#replay = new Replay(run.runId, run.history)
    this.#isLive = this.#replay.isOver
    this.#attempts = new Attempts({ ...parts, onEnd: (tried, result) => this.#onAttemptEnd(tried, result) })
    this.#recall()
  }

  start(command: Command): void {
    if (this.#isReplaying()) {
      const recorded = this.#replay.command(command)
      if (!recorded.ok) this.#fault ??= recorded.error
      else this.#track(command, recorded.value.type === 'timer.started' ? recorded.value.body.due_at : 0)
      return
    }
    const draft = this.#draft(command)
    this.#pending.push(draft)
    this.#track(command, draft.type === 'timer.started' ? draft.body.due_at : 0)
  }

  cancel(number: number): void {
    const open = this.#open.get(number)
    if (open === undefined) return
    if (open.kind === 'step') return this.#cancelStep(number, open)
    this.#open.delete(number)
    if (open.kind === 'timer') open.stopTimer()
    if (this.#isReplaying()) this.#fault ??= this.#replay.cancellation(number)
    else this.#pending.push({ type: open.kind === 'timer' ? 'timer.cancelled' : 'wait.closed', body: { number } })
  }

  draw(number: number, kind: DrawKind): string | number {
    if (this.#isReplaying()) {
      const drawn = this.#replay.drawn(number, kind)
      if (drawn.ok) return drawn.value
      this.#fault ??= drawn.error
      return 0
    }
    const value = this.#newValue(kind)
    this.#pending.push({ type: 'value.drawn', body: { number, kind, value } })
    return value
  }

  /** Draining first keeps what is not ours from slipping into the turn. */
  turn(run: () => void): void {
    this.#parts.drain()
    run()
    this.#parts.drain()
  }

  async next(): Promise<Result<Completion, Stop>> {
    if (this.#isReplaying() && !this.#replay.isOver) return this.#nextRecorded()
    if (this.#fault !== undefined) return err({ kind: 'stopped', failure: this.#fault })
    this.#goLive()
    for (;;) {
      if (this.#pending.length < BATCH_LIMIT) {
        const ready = this.#takeReady()
        if (ready !== undefined) return ok(ready)
      }
      const stop = this.#pending.length > 0 ? await this.#commit() : undefined
      if (stop !== undefined) return err(stop)
      this.#startCommitted()
      if (this.#hasReady()) continue
      if (this.#onlyWaits()) {
        const parked = await this.#park()
        if (parked !== undefined) return err(parked)
        continue
      }
      await this.#sleepUntilWoken()
    }
  }

  /** Writes the run's last event with all that is not written yet. */
  async end(draft: EventDraft): Promise<Stop | undefined> {
    this.#pending.push(draft)
    return await this.#commit()
  }

  /** Writes the run's last event, and nothing of a turn that should not have been. */
  async endAtOnce(draft: EventDraft): Promise<Stop | undefined> {
    this.#pending = this.#isNew ? [...this.#run.first, draft] : [draft]
    return await this.#commit()
  }

  /** Tells the host that something came for its run. */
  notice(inbound: Inbound): void {
    this.#receive(inbound)
    this.#wakeUp()
  }

  /** Whatever of the run is ending ends without further grace. */
  hurry(): void {
    this.#attempts.hurry()
  }

  /** Lets go of everything in this process: no timer fires any more, and what was running has ended. */
  async abandon(reason: Failure): Promise<void> {
    this.#stopTimers()
    for (const number of this.#open.keys()) this.#attempts.cancel(number, reason)
    while (this.#attempts.count > 0) await this.#sleepUntilWoken()
  }

  /**
   * A turn is recorded whole or not at all, so the journal's last entry is also the last one of its turn: the code is
   * live from the first question for what it does not hold.
   */
  #isReplaying(): boolean {
    return !this.#isLive && this.#fault === undefined
  }

  #nextRecorded(): Result<Completion, Stop> {
    const completion = this.#replay.completion()
    if (!completion.ok) return err({ kind: 'stopped', failure: completion.error })
    if (completion.value.kind === 'ended') this.#open.delete(completion.value.number)
    else this.#tellCancel(completion.value.failure)
    return completion
  }

  /** What the history says beyond the replay: signals not taken, and how far each step's tries have come. */
  #recall(): void {
    const taken = new Set<number>()
    for (const event of this.#run.history) {
      if (event.type === 'signal.taken') taken.add(event.body.signal_seq)
    }
    for (const event of this.#run.history) {
      if (event.type !== 'signal.received' && event.type !== 'run.cancel_requested') continue
      this.#inbound.set(event.runSeq, event)
      if (!taken.has(event.runSeq)) this.#untaken.push(event)
    }
  }

  /** From the last recorded event on: arms what the replay left open. */
  #goLive(): void {
    if (this.#isLive) return
    this.#isLive = true
    const retries = new Map<number, EventOf<'step.retried'>>()
    for (const event of this.#run.history) if (event.type === 'step.retried') retries.set(event.body.number, event)
    for (const [number, open] of this.#open) {
      if (open.kind === 'timer') this.#armTimer(number, open)
      if (open.kind !== 'step') continue
      const retry = retries.get(number)
      open.attempt = retry?.body.attempt ?? 1
      if (retry === undefined || open.cancelled || retry.body.due_at <= this.#parts.clock.now())
        this.#unstarted.push(number)
      else this.#backOff(number, open, retry.body.due_at)
    }
  }

  #track(command: Command, dueAt: number): void {
    const { number } = command
    if (command.kind === 'signal') this.#open.set(number, { kind: 'signal', signal: command.signal })
    else if (command.kind === 'timer') {
      const timer: OpenTimer = { kind: 'timer', dueAt, stopTimer: nothing }
      this.#open.set(number, timer)
      if (this.#isLive) this.#armTimer(number, timer)
    } else {
      const step = { kind: 'step', command, attempt: 1, phase: 'unstarted', cancelled: false } as const
      this.#open.set(number, { ...step, dueAt: null, stopTimer: nothing })
      if (this.#isLive) this.#unstarted.push(number)
    }
  }

  #draft(command: Command): Extract<EventDraft, { type: 'step.started' | 'timer.started' | 'wait.opened' }> {
    const { number } = command
    switch (command.kind) {
      case 'step': {
        const { activity, input, options } = command
        const name = options.name ?? activity
        const body = { number, name, activity, input, input_digest: inputDigest(input) }
        return { type: 'step.started', body: { ...body, idempotent: options.idempotent ?? false } }
      }
      case 'timer': {
        const due_at = this.#parts.clock.now() + command.durationMs
        return { type: 'timer.started', body: { number, duration_ms: command.durationMs, due_at } }
      }
      case 'signal':
        return { type: 'wait.opened', body: { number, signal: command.signal, question: command.question } }
    }
  }

  #newValue(kind: DrawKind): string | number {
    switch (kind) {
      case 'now':
        return this.#parts.clock.now()
      case 'random':
        return this.#parts.random()
      case 'uuid':
        return uuid(this.#parts.random)
    }
  }

  #armTimer(number: number, timer: OpenTimer): void {
    timer.stopTimer = this.#parts.timers.at(timer.dueAt, () => {
      this.#ready.push({ type: 'timer.fired', body: { number } })
      this.#wakeUp()
    })
  }

  #startCommitted(): void {
    const unstarted = this.#unstarted
    this.#unstarted = []
    for (const number of unstarted) {
      const step = this.#open.get(number)
      if (step?.kind === 'step') this.#startStep(number, step)
    }
  }

  #startStep(number: number, step: OpenStep): void {
    if (step.cancelled) return this.#fail(number, step, this.#cancelReason)
    step.phase = 'running'
    step.dueAt = null
    const { activity, input, options } = step.command
    this.#attempts.start({
      number,
      attempt: step.attempt,
      name: options.name ?? activity,
      activity,
      input,
      timeoutMs: options.timeoutMs,
      key: `${this.#run.runId}/${number}`,
      start: `${number}.${this.#run.epoch}.${step.attempt}`,
    })
  }

  #onAttemptEnd(tried: Try, result: Result<Json, Failure>): void {
    const { number, attempt } = tried
    const step = this.#open.get(number)
    if (step?.kind !== 'step') return
    if (result.ok) {
      const { name, activity } = tried
      const output = roundTrip(result.value)
      this.#ready.push({ type: 'step.succeeded', body: { number, name, activity, attempt, output } })
    } else {
      const delay = step.cancelled ? undefined : delayBeforeRetry(step.command.options.retry, attempt, result.error)
      if (delay === undefined) this.#fail(number, step, result.error)
      else this.#retry(number, step, { failure: result.error, dueAt: this.#parts.clock.now() + delay })
    }
    this.#wakeUp()
  }

  #retry(number: number, step: OpenStep, next: { readonly failure: Failure; readonly dueAt: number }): void {
    step.attempt += 1
    const body = { number, attempt: step.attempt, failure: next.failure, due_at: next.dueAt }
    this.#pending.push({ type: 'step.retried', body })
    this.#backOff(number, step, next.dueAt)
  }

  #backOff(number: number, step: OpenStep, dueAt: number): void {
    step.phase = 'backing_off'
    step.dueAt = dueAt
    step.stopTimer = this.#parts.timers.at(dueAt, () => {
      step.phase = 'unstarted'
      this.#unstarted.push(number)
      this.#wakeUp()
    })
  }

  #cancelStep(number: number, step: OpenStep): void {
    if (step.cancelled) return
    step.cancelled = true
    if (!this.#isLive) return
    step.stopTimer()
    if (this.#attempts.cancel(number, this.#cancelReason)) return
    if (step.phase === 'backing_off') this.#fail(number, step, this.#cancelReason)
  }

  #fail(number: number, step: OpenStep, failure: Failure): void {
    const { activity, options } = step.command
    const body = { number, name: options.name ?? activity, activity, attempt: step.attempt }
    // A failure is data of our own, so what comes back from JSON is one, too.
    const same = roundTrip(failure) as Failure
    this.#ready.push({ type: 'step.failed', body: { ...body, failure: same } })
  }

  #receive(inbound: Inbound): void {
    if (this.#inbound.has(inbound.runSeq)) return
    this.#inbound.set(inbound.runSeq, inbound)
    this.#untaken.push(inbound)
  }

  /** The next completion that is there, written down as what happened next. */
  #takeReady(): Completion | undefined {
    const draft = this.#takeSignal() ?? this.#ready.shift()
    if (draft === undefined) return undefined
    this.#pending.push(draft)
    this.#open.delete(draft.body.number)
    // Only type and body decide what a completion means; place and author come with the append.
    const completion = completionOf(draft as Ended, this.#inbound)
    if (completion.kind === 'cancelled') this.#tellCancel(completion.failure)
    return completion
  }

  #tellCancel(failure: Failure): void {
    this.#cancelTold = true
    this.#cancelReason = failure
  }

  #hasReady(): boolean {
    return this.#ready.length > 0 || this.#matchingSignal() !== undefined || this.#unstarted.length > 0
  }

  #takeSignal(): EndedDraft | undefined {
    const match = this.#matchingSignal()
    if (match === undefined) return undefined
    this.#untaken.splice(this.#untaken.indexOf(match.inbound), 1)
    return { type: 'signal.taken', body: { number: match.number, signal_seq: match.inbound.runSeq } }
  }

  #matchingSignal(): { readonly inbound: Inbound; readonly number: number } | undefined {
    for (const inbound of this.#untaken) {
      if (inbound.type === 'run.cancel_requested') {
        if (!this.#cancelTold) return { inbound, number: 0 }
        continue
      }
      for (const [number, open] of this.#open) {
        if (open.kind === 'signal' && open.signal === inbound.body.signal) return { inbound, number }
      }
    }
    return undefined
  }

  async #commit(): Promise<Stop | undefined> {
    const appended = await this.#append(this.#takePending())
    return appended.ok ? undefined : { kind: 'stopped', failure: appended.error }
  }

  #takePending(): EventDraft[] {
    const events = this.#pending
    this.#pending = []
    return events
  }

  async #append(
    events: readonly EventDraft[],
    park?: EventDraft,
  ): Promise<Result<{ readonly parked: boolean }, Failure>> {
    const append: Append = {
      runId: this.#run.runId,
      take: this.#isNew ? 'create' : 'own',
      epoch: this.#run.epoch,
      actor: this.#parts.actor,
      events,
      seenRunSeq: this.#lastRunSeq,
      ...(park !== undefined && { park }),
    }
    const appended = await this.#parts.journal.append(append)
    if (!appended.ok) return appended
    this.#isNew = false
    this.#lastRunSeq = appended.value.lastRunSeq
    for (const inbound of appended.value.inbound) this.#receive(inbound)
    return appended
  }

  #onlyWaits(): boolean {
    return this.#attempts.count === 0 && this.#pending.length === 0
  }

  /** Lets go of the run, unless something has come for it or is due. */
  async #park(): Promise<Stop | undefined> {
    const readyAt = this.#readyAt()
    if (readyAt !== null && readyAt <= this.#parts.clock.now()) {
      await this.#sleepUntilWoken()
      return undefined
    }
    const parked = await this.#append([], { type: 'run.waiting', body: { ready_at: readyAt } })
    if (!parked.ok) return { kind: 'stopped', failure: parked.error }
    if (!parked.value.parked) return undefined
    this.#stopTimers()
    return { kind: 'parked', readyAt }
  }

  #readyAt(): number | null {
    let earliest: number | null = null
    for (const open of this.#open.values()) {
      const dueAt = open.kind === 'signal' ? null : open.dueAt
      if (dueAt !== null && (earliest === null || dueAt < earliest)) earliest = dueAt
    }
    return earliest
  }

  #stopTimers(): void {
    for (const open of this.#open.values()) if (open.kind !== 'signal') open.stopTimer()
  }

  #wakeUp(): void {
    this.#isAwake = true
    const wake = this.#wake
    this.#wake = undefined
    if (wake !== undefined) this.#parts.timers.soon(wake)
  }

  /** Resolves once something happened since the last time. */
  async #sleepUntilWoken(): Promise<void> {
    if (!this.#isAwake) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.#isAwake = false
  }
}

function nothing(): void {}

/** The value as a replay will read it: keys sorted, what JSON does not know left out. */
function roundTrip(value: Json): Json {
  return JSON.parse(canonicalJson(value))
}
