import type { Clock } from '#base/clock.ts'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { DrawKind, EventDraft, EventOf, RunEvent } from '#domain/run/event.ts'
import type { RecordedFact } from '#domain/run/recorded-fact.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Activities } from './activities.ts'
import { Attempts, type Try } from './attempts.ts'
import {
  drawnValue,
  type EndedDraft,
  failedDraft,
  givenDraft,
  nameOf,
  recordedDraft,
  succeededDraft,
} from './drafts.ts'
import type { Command, Completion, Host, Stop } from './host-port.ts'
import type { Appended, Inbound, Journal } from './journal-port.ts'
import { Mailbox } from './mailbox.ts'
import { OpenCommands, type OpenStep, type OpenTimer } from './open-commands.ts'
import { completionOf, Replay } from './replay.ts'
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

/**
 * The host over a journal of ours.
 *
 *   replaying ──(asked for what the journal does not hold)──► live ──► parked · ended · stopped
 *
 * Live, one turn's events are one append, together with the completion that set the turn off, and only once that is
 * durable do the commands of the turn start. Several completions that are there at once go through their turns first
 * and are written together.
 */
export class EmbeddedHost implements Host {
  readonly #parts: HostParts
  readonly #run: HostedRun
  readonly #replay: Replay
  readonly #attempts: Attempts
  readonly #open = new OpenCommands()
  readonly #mailbox: Mailbox
  /** Ends of commands that the workflow has not been told. */
  readonly #ended: EndedDraft[] = []
  /** Events that are not written yet. */
  #pending: EventDraft[]
  /** Steps that may start once what is pending has been written. */
  #unstarted: number[] = []
  #lastRunSeq: number
  #isNew: boolean
  #isLive: boolean
  #fault: Failure | undefined
  #cancelReason: Failure = { code: 'cancelled' }
  #wake: (() => void) | undefined
  #isAwake = false
  /** Whether the store was asked for what came, since the last timer fired. */
  #hasLooked = true
  #appending: Promise<unknown> | undefined
  /** Why this host let go of everything: from then on nothing of it starts, fires or waits. */
  #abandoned: Failure | undefined

  constructor(parts: HostParts, run: HostedRun) {
    this.#parts = parts
    this.#run = run
    this.#pending = [...run.first]
    this.#lastRunSeq = run.lastRunSeq
    this.#isNew = run.lastRunSeq === 0
    this.#replay = new Replay(run.runId, run.history, run.first)
    this.#isLive = this.#replay.isOver
    this.#mailbox = new Mailbox(run.history)
    this.#attempts = new Attempts({ ...parts, onEnd: (tried, result) => this.#onAttemptEnd(tried, result) })
  }

  start(command: Command): void {
    const given = this.#isHeld(command.number) ? this.#replay.command(command) : ok(this.#give(command))
    if (!given.ok) this.#fault ??= given.error
    else this.#track(command, given.value.type === 'timer.started' ? given.value.body.due_at : 0)
  }

  cancel(number: number): void {
    const open = this.#open.get(number)
    if (open === undefined) return
    if (open.kind === 'step') {
      this.#cancelStep(number, open)
      return
    }
    if (open.kind === 'timer') this.#stopTimer(number, open)
    this.#open.delete(number)
    if (this.#isHeld(number)) this.#fault ??= this.#replay.cancellation(number)
    else this.#pending.push({ type: open.kind === 'timer' ? 'timer.cancelled' : 'wait.closed', body: { number } })
  }

  draw(number: number, kind: DrawKind): string | number {
    if (this.#isHeld(number)) {
      const drawn = this.#replay.drawn(number, kind)
      if (drawn.ok) return drawn.value
      this.#fault ??= drawn.error
      return 0
    }
    const { clock, random } = this.#parts
    const value = drawnValue(kind, { now: clock.now(), random })
    this.#pending.push({ type: 'value.drawn', body: { number, kind, value } })
    return value
  }

  record(number: number, fact: RecordedFact): void {
    const draft = recordedDraft(number, fact)
    if (this.#isHeld(number)) this.#fault ??= this.#replay.recorded(draft)
    else this.#pending.push(draft)
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
      const mustLook = this.#mustLook()
      const told = mustLook || this.#pending.length >= BATCH_LIMIT ? undefined : this.#tellNext()
      if (told !== undefined) return ok(told)
      const stop = mustLook ? await this.#look() : await this.#settleDown()
      if (stop !== undefined) return err(stop)
    }
  }

  /** Writes the run's last event with all that is not written yet. */
  async end(draft: EventDraft): Promise<Stop | undefined> {
    const failure = this.#fault ?? (this.#isLive ? undefined : this.#replay.ending())
    if (failure !== undefined) return { kind: 'stopped', failure }
    this.#pending.push(draft)
    return await this.#commitEnd()
  }

  /** Writes the run's last event, and nothing of a turn that should not have been. */
  async endAtOnce(draft: EventDraft): Promise<Stop | undefined> {
    this.#pending = this.#isNew ? [...this.#run.first, draft] : [draft]
    return await this.#commitEnd()
  }

  /** Tells the host that something came for its run. */
  notice(inbound: Inbound): void {
    this.#mailbox.receive(inbound)
    this.#wakeUp()
  }

  /** Whatever of the run is ending ends without further grace. */
  hurry(): void {
    this.#attempts.hurry()
  }

  /** Lets go of everything in this process: no timer fires, nothing starts, and what ran or was written has ended. */
  async abandon(reason: Failure): Promise<void> {
    this.#abandoned = reason
    await this.#appending
    this.#open.stopTimers()
    for (const number of this.#open.timed.keys()) this.#attempts.cancel(number, reason)
    while (this.#attempts.count > 0) await this.#sleepUntilWoken()
  }

  /**
   * A turn is recorded whole or not at all, so the journal's last entry is also the last one of its turn: the code is
   * live from the first question for what it does not hold.
   */
  #isReplaying(): boolean {
    return !this.#isLive && this.#fault === undefined
  }

  /** Whether the journal says what became of this number. */
  #isHeld(number: number): boolean {
    return this.#isReplaying() && this.#replay.holds(number)
  }

  #nextRecorded(): Result<Completion, Stop> {
    const completion = this.#replay.completion()
    if (!completion.ok) return err({ kind: 'stopped', failure: completion.error })
    if (completion.value.kind === 'ended') this.#open.delete(completion.value.number)
    else this.#tellCancel(completion.value.failure)
    return completion
  }

  #give(command: Command): ReturnType<typeof givenDraft> {
    const draft = givenDraft(command, this.#parts.clock.now())
    this.#pending.push(draft)
    return draft
  }

  #track(command: Command, dueAt: number): void {
    const { number } = command
    if (command.kind === 'signal') this.#open.addWait(number, command.signal)
    else if (command.kind === 'step') {
      this.#open.addStep(command)
      if (this.#isLive) this.#unstarted.push(number)
    } else {
      const timer = this.#open.addTimer(number, dueAt)
      if (this.#isLive) this.#armTimer(number, timer)
    }
  }

  /** From the last recorded event on: sets going what the replay left open. */
  #goLive(): void {
    if (this.#isLive) return
    this.#isLive = true
    const retries = new Map<number, EventOf<'step.retried'>['body']>()
    for (const { type, body } of this.#run.history) if (type === 'step.retried') retries.set(body.number, body)
    for (const [number, open] of this.#open.timed) {
      if (open.kind === 'timer') this.#armTimer(number, open)
      else this.#recallStep(number, open, retries.get(number))
    }
  }

  #recallStep(number: number, step: OpenStep, retry: EventOf<'step.retried'>['body'] | undefined): void {
    step.attempt = retry?.attempt ?? 1
    const mustWait = retry !== undefined && !step.isCancelled && retry.due_at > this.#parts.clock.now()
    if (mustWait) this.#backOff(number, step, retry.due_at)
    else this.#unstarted.push(number)
  }

  #armTimer(number: number, timer: OpenTimer): void {
    timer.stopTimer = this.#parts.timers.at(timer.dueAt, () => {
      this.#ended.push({ type: 'timer.fired', body: { number } })
      this.#hasLooked = false
      this.#wakeUp()
    })
  }

  /** What was cancelled did not fire, not even where its time had come in the meantime. */
  #stopTimer(number: number, timer: OpenTimer): void {
    timer.stopTimer()
    const fired = this.#ended.findIndex(({ body }) => body.number === number)
    if (fired >= 0) this.#ended.splice(fired, 1)
  }

  /** The next completion that is there, written down as what happened next. */
  #tellNext(): Completion | undefined {
    const draft = this.#takeSignal() ?? this.#ended.shift()
    if (draft === undefined) return undefined
    this.#pending.push(draft)
    this.#open.delete(draft.body.number)
    const completion = completionOf(draft, this.#mailbox.received)
    if (completion.kind === 'cancelled') this.#tellCancel(completion.failure)
    return completion
  }

  /** A timer often limits a wait: what came before its time must have been seen before it is told. */
  #mustLook(): boolean {
    return !this.#hasLooked && this.#ended[0]?.type === 'timer.fired'
  }

  async #look(): Promise<Stop | undefined> {
    this.#hasLooked = true
    return await this.#commit()
  }

  #takeSignal(): EndedDraft | undefined {
    const delivery = this.#mailbox.take(this.#open.waits)
    if (delivery === undefined) return undefined
    return { type: 'signal.taken', body: { number: delivery.number, signal_seq: delivery.inbound.runSeq } }
  }

  #tellCancel(failure: Failure): void {
    this.#mailbox.cancelTold()
    this.#cancelReason = failure
  }

  /** Writes what is to be written, starts what may then start, and waits for something to happen. */
  async #settleDown(): Promise<Stop | undefined> {
    const stop = this.#pending.length > 0 ? await this.#commit() : undefined
    if (stop !== undefined) return stop
    if (this.#abandoned !== undefined) return { kind: 'stopped', failure: this.#abandoned }
    // A try may have failed, and its next one be due, while that was being written: first its fact, then its start.
    if (this.#pending.length > 0) return undefined
    this.#startCommitted()
    if (this.#hasNews()) return undefined
    if (this.#attempts.count === 0) return await this.#park()
    await this.#sleepUntilWoken()
    return undefined
  }

  #hasNews(): boolean {
    const waiting = this.#ended.length + this.#unstarted.length + this.#pending.length
    return waiting > 0 || this.#mailbox.peek(this.#open.waits) !== undefined
  }

  #startCommitted(): void {
    const unstarted = this.#unstarted
    this.#unstarted = []
    for (const number of unstarted) {
      const step = this.#open.step(number)
      if (step?.isCancelled === true) this.#ended.push(failedDraft(step.command, step.attempt, this.#cancelReason))
      else if (step !== undefined) this.#startStep(number, step)
    }
  }

  #startStep(number: number, step: OpenStep): void {
    step.dueAt = null
    const { activity, input, options } = step.command
    const { runId, epoch } = this.#run
    this.#attempts.start({
      number,
      attempt: step.attempt,
      name: nameOf(step.command),
      activity,
      input,
      timeoutMs: options.timeoutMs,
      key: `${runId}/${number}`,
      start: `${number}.${epoch}.${step.attempt}`,
    })
  }

  #onAttemptEnd({ number, attempt }: Try, result: Result<Json, Failure>): void {
    this.#wakeUp()
    const step = this.#open.step(number)
    if (step === undefined || this.#abandoned !== undefined) return
    const { command, isCancelled } = step
    if (result.ok) this.#ended.push(succeededDraft(command, attempt, result.value))
    else {
      const delay = isCancelled ? undefined : delayBeforeRetry(command.options.retry, attempt, result.error)
      if (delay === undefined) this.#ended.push(failedDraft(command, attempt, result.error))
      else this.#retry(number, step, { failure: result.error, dueAt: this.#parts.clock.now() + delay })
    }
  }

  #retry(number: number, step: OpenStep, next: { readonly failure: Failure; readonly dueAt: number }): void {
    step.attempt += 1
    const { failure, dueAt } = next
    this.#pending.push({ type: 'step.retried', body: { number, attempt: step.attempt, failure, due_at: dueAt } })
    this.#backOff(number, step, dueAt)
  }

  #backOff(number: number, step: OpenStep, dueAt: number): void {
    step.isBackingOff = true
    step.dueAt = dueAt
    step.stopTimer = this.#parts.timers.at(dueAt, () => {
      step.isBackingOff = false
      this.#unstarted.push(number)
      this.#wakeUp()
    })
  }

  /** A running try ends by itself and says so; a step that backs off is over at once; one not started never starts. */
  #cancelStep(number: number, step: OpenStep): void {
    if (step.isCancelled) return
    step.isCancelled = true
    if (!this.#isLive) return
    step.stopTimer()
    if (this.#attempts.cancel(number, this.#cancelReason) || !step.isBackingOff) return
    step.isBackingOff = false
    this.#ended.push(failedDraft(step.command, step.attempt, this.#cancelReason))
  }

  async #commit(): Promise<Stop | undefined> {
    const events = this.#pending
    this.#pending = []
    const appended = await this.#append(events)
    return appended.ok ? undefined : { kind: 'stopped', failure: appended.error }
  }

  async #append(events: readonly EventDraft[], park?: EventDraft): Promise<Result<Appended, Failure>> {
    const { runId, epoch } = this.#run
    const take = this.#isNew ? 'create' : 'own'
    const { actor, journal } = this.#parts
    const append = { runId, take, epoch, actor, events, seenRunSeq: this.#lastRunSeq } as const
    const appending = journal.append(park === undefined ? append : { ...append, park })
    this.#appending = appending
    const appended = await appending
    if (!appended.ok) return appended
    this.#isNew = false
    this.#lastRunSeq = appended.value.lastRunSeq
    for (const inbound of appended.value.inbound) this.#mailbox.receive(inbound)
    return appended
  }

  /** Lets go of the run, unless something has come for it or is due. */
  async #park(): Promise<Stop | undefined> {
    const readyAt = this.#open.earliestDue
    if (readyAt !== null && readyAt <= this.#parts.clock.now()) {
      await this.#sleepUntilWoken()
      return undefined
    }
    this.#letGo()
    const parked = await this.#append([], { type: 'run.waiting', body: { ready_at: readyAt } })
    if (!parked.ok) return { kind: 'stopped', failure: parked.error }
    if (!parked.value.parked) return undefined
    this.#open.stopTimers()
    return { kind: 'parked', readyAt }
  }

  async #commitEnd(): Promise<Stop | undefined> {
    this.#letGo()
    const stop = await this.#commit()
    if (stop === undefined) {
      for (const activity of Object.values(this.#parts.activities)) activity.ended?.(this.#run.runId)
    }
    return stop
  }

  /** Before that is written: from then on, others may begin steps of the run. */
  #letGo(): void {
    for (const activity of Object.values(this.#parts.activities)) activity.letGo?.(this.#run.runId)
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
