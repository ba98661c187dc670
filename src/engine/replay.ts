import { sha256 } from '#base/digest.ts'
import { canonicalJson } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies, EventDraft, EventOf, RunEvent } from '#domain/run/event.ts'
import { isRecorded, type RecordedType } from '#domain/run/recorded-fact.ts'
import type { RunId } from '#domain/run/run.ts'
import { Borrowed, type BorrowedGiven, type BorrowedSignal } from './borrowed.ts'
import type { EndedFact, EndedType } from './ended-fact.ts'
import type { Command, Completion } from './host-port.ts'
import type { Inbound } from './journal-port.ts'

type Given = EventOf<
  'step.started' | 'timer.started' | 'wait.opened' | 'timer.cancelled' | 'wait.closed' | 'value.drawn' | RecordedType
>
type Ended = EventOf<EndedType>
type Entry = Given | Ended

/** A fact that workflow code recorded, of the journal or about to go there. */
type RecordedEntry = {
  [Type in RecordedType]: { readonly type: Type; readonly body: EventBodies[Type] }
}[RecordedType]

/**
 * Compares what workflow code asks for with what its journal holds, entry by entry, and hands out the recorded
 * completions in their recorded order. Where the two differ it names both and never guesses.
 */
export class Replay {
  readonly #runId: RunId
  readonly #entries: readonly Entry[]
  readonly #inbound = new Map<number, Inbound>()
  readonly #borrowed: Borrowed
  #position = 0

  /** `first` are events that are not written yet. */
  constructor(runId: RunId, events: readonly RunEvent[], first: readonly EventDraft[] = []) {
    this.#runId = runId
    this.#entries = events.filter(isEntry)
    this.#borrowed = new Borrowed([...events, ...first])
    for (const event of events) {
      if (event.type === 'signal.received' || event.type === 'run.cancel_requested')
        this.#inbound.set(event.runSeq, event)
    }
  }

  get isOver(): boolean {
    return this.#borrowed.isOver && this.#position >= this.#entries.length
  }

  /**
   * Whether the journal has something to say of this number. A forked run that has nothing of its own yet goes on where
   * what it borrowed ends, which may be in the middle of a turn.
   */
  holds(number: number): boolean {
    return this.isBorrowed(number) || this.#borrowed.isEmpty || this.#entries.length > 0
  }

  /** Whether this was asked for in the run that this one was forked from, and has ended there. */
  isBorrowed(number: number): boolean {
    return this.#borrowed.has(number)
  }

  /** What comes next. */
  get upcoming(): Entry | undefined {
    return this.#entries[this.#position]
  }

  /** The recorded event of this command. */
  command(command: Command): Result<Given | BorrowedGiven, Failure> {
    const borrowed = this.#borrowed.given(command.number)
    if (borrowed !== undefined) return this.#borrowedCommand(borrowed, command)
    const found = describeCommand(command)
    const entry = this.#take()
    if (entry === undefined || describeEntry(entry) !== found) return err(this.#mismatch(entry, command.number, found))
    return ok(entry as Given)
  }

  /** Checks that this timer or wait was ended by the workflow here, as recorded. */
  cancellation(number: number): Failure | undefined {
    if (this.#borrowed.isCancelled(number)) return undefined
    const entry = this.#take()
    const same = (entry?.type === 'timer.cancelled' || entry?.type === 'wait.closed') && entry.body.number === number
    return same ? undefined : this.#mismatch(entry, number, 'the end of a timer or wait')
  }

  drawn(number: number, kind: string): Result<string | number, Failure> {
    const entry = this.#borrowed.given(number) ?? this.#take()
    const same = entry?.type === 'value.drawn' && entry.body.number === number && entry.body.kind === kind
    return same ? ok(entry.body.value) : err(this.#mismatch(entry, number, `a drawn ${kind}`))
  }

  /** Checks that the workflow records this fact here, as it did. */
  recorded(fact: RecordedEntry): Failure | undefined {
    const borrowed = this.#borrowed.given(fact.body.number)
    // What it says may differ where something was patched; what it is about may not.
    if (borrowed !== undefined && borrowed.type === fact.type && borrowed.body.node === fact.body.node) return undefined
    const entry = borrowed ?? this.#take()
    const found = describeFact(fact)
    const same = entry !== undefined && isRecordedEntry(entry) && describeFact(entry) === found
    return same ? undefined : this.#mismatch(entry, fact.body.number, found)
  }

  /** How something ended, if that comes next. */
  get nextEnd(): EndedFact | undefined {
    const { upcoming } = this
    return this.#borrowed.nextEnd ?? (upcoming !== undefined && isEnded(upcoming) ? upcoming : undefined)
  }

  /** The next recorded completion. */
  completion(): Result<Completion, Failure> {
    const borrowed = this.#borrowed.takeEnd()
    if (borrowed !== undefined) return ok(completionOf(borrowed, this.#borrowed.inbound))
    const entry = this.#take()
    if (entry === undefined || !isEnded(entry)) {
      return err(this.#mismatch(entry, entry?.body.number ?? 0, 'a wait for what was started before'))
    }
    return ok(completionOf(entry, this.#inbound))
  }

  /** Checks that the workflow ends where its journal does. */
  ending(): Failure | undefined {
    if (this.isOver) return undefined
    const entry = this.#take()
    return this.#mismatch(entry, entry?.body.number ?? 0, 'the end of the workflow')
  }

  /** Inputs are not compared: the fork has directories of its own, and may have been patched. */
  #borrowedCommand(entry: BorrowedGiven, command: Command): Result<BorrowedGiven, Failure> {
    const [recorded, found] = [describeEntry(entry), describeCommand(command)].map((text) => text.replace(INPUT, ''))
    if (recorded === found) return ok(entry)
    return err({
      code: 'replay_mismatch',
      run: this.#runId,
      number: command.number,
      recorded: recorded ?? '',
      found: found ?? '',
    })
  }

  #take(): Entry | undefined {
    const entry = this.#entries[this.#position]
    this.#position += 1
    return entry
  }

  #mismatch(entry: Entry | BorrowedGiven | undefined, number: number, found: string): Failure {
    const recorded = entry === undefined ? 'nothing more' : describeEntry(entry)
    return { code: 'replay_mismatch', run: this.#runId, number, recorded, found }
  }
}

/** A recorded completion as the scheduler is told it. */
export function completionOf(entry: EndedFact, inbound: ReadonlyMap<number, Inbound | BorrowedSignal>): Completion {
  switch (entry.type) {
    case 'step.succeeded':
      return { kind: 'ended', number: entry.body.number, result: ok(entry.body.output) }
    case 'step.failed':
      return { kind: 'ended', number: entry.body.number, result: err(entry.body.failure) }
    case 'timer.fired':
      return { kind: 'ended', number: entry.body.number, result: ok(null) }
    case 'signal.taken':
      return signalCompletion(entry.body.number, inbound.get(entry.body.signal_seq))
  }
}

function signalCompletion(number: number, signal: Inbound | BorrowedSignal | undefined): Completion {
  if (signal?.type === 'signal.received') return { kind: 'ended', number, result: ok(signal.body.payload) }
  const cause = signal?.body.signal ?? undefined
  const by = signal === undefined ? {} : { by: signal.actor }
  return { kind: 'cancelled', failure: { code: 'cancelled', ...by, ...(cause !== undefined && { signal: cause }) } }
}

function isEntry(event: RunEvent): event is Entry {
  return isGiven(event) || isEnded(event)
}

function isGiven(event: RunEvent): event is Given {
  switch (event.type) {
    case 'step.started':
    case 'timer.started':
    case 'wait.opened':
    case 'timer.cancelled':
    case 'wait.closed':
    case 'value.drawn':
      return true
    default:
      return isRecorded(event.type)
  }
}

function isEnded(event: RunEvent): event is Ended {
  switch (event.type) {
    case 'step.succeeded':
    case 'step.failed':
    case 'timer.fired':
    case 'signal.taken':
      return true
    default:
      return false
  }
}

const INPUT = / with input [0-9a-f]{64}$/

/** Number, kind, name and input of a command: what a replay compares. */
function describeCommand(command: Command): string {
  switch (command.kind) {
    case 'step':
      return `step ${command.number} "${command.options.name ?? command.activity}" of ${command.activity} with input ${inputDigest(command.input)}`
    case 'timer':
      return `timer ${command.number} of ${command.durationMs} ms`
    case 'signal':
      return `wait ${command.number} for "${command.signal}"`
  }
}

function describeEntry(entry: Entry | BorrowedGiven): string {
  switch (entry.type) {
    case 'step.started':
      return `step ${entry.body.number} "${entry.body.name}" of ${entry.body.activity} with input ${entry.body.input_digest}`
    case 'timer.started':
      return `timer ${entry.body.number} of ${entry.body.duration_ms} ms`
    case 'wait.opened':
      return `wait ${entry.body.number} for "${entry.body.signal}"`
    case 'value.drawn':
      return `a drawn ${entry.body.kind} ${entry.body.number}`
    case 'node.started':
    case 'node.ended':
    case 'conductor.obeyed':
    case 'conductor.refused':
      return describeFact(entry)
    default:
      return `${entry.type} ${entry.body.number}`
  }
}

function describeFact({ type, body }: RecordedEntry): string {
  return `fact ${body.number} ${type} with ${inputDigest(body)}`
}

function isRecordedEntry(entry: Entry | BorrowedGiven): entry is EventOf<RecordedType> {
  return isRecorded(entry.type)
}

export function inputDigest(input: Parameters<typeof canonicalJson>[0]): ReturnType<typeof sha256> {
  return sha256(canonicalJson(input))
}
