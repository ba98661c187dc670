import { canonicalJson, type Json } from '#base/json.ts'
import { jsonDifference } from '#base/json-difference.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { DrawKind, RunEvent } from '#domain/run/event.ts'
import type { RecordedFact } from '#domain/run/recorded-fact.ts'
import type { RunId } from '#domain/run/run.ts'
import { givenDraft, recordedDraft } from './drafts.ts'
import type { EndedFact } from './ended-fact.ts'
import type { Command, Completion, Host, Stop } from './host-port.ts'
import { Replay } from './replay.ts'

/** How much was compared with the journal. */
export interface Compared {
  /** Steps, timers and waits. */
  readonly commands: number
  /** All entries of the journal: commands, their ends, values that were drawn and facts that were recorded. */
  readonly facts: number
}

/** Where a replay did not do what is recorded. */
export interface Difference {
  /** The event of the log; null where nothing more is recorded. */
  readonly seq: number | null
  readonly recorded: string
  readonly replayed: string
}

/**
 * A host that has nothing but a journal: it starts nothing, writes nothing, and stops where the journal does. It
 * compares more than going on needs to: every key of what is recorded but times, and that each end ends something.
 */
export class ReplayHost implements Host {
  readonly #replay: Replay
  readonly #runId: RunId
  readonly #drain: () => void
  /** Whether the run had not come to the end of its first turn: then there is nothing to compare with. */
  readonly isBlank: boolean
  readonly #open = new Map<number, Command>()
  #commands = 0
  #facts = 0
  #difference: Difference | undefined

  constructor(runId: RunId, events: readonly RunEvent[], drain: () => void) {
    this.#replay = new Replay(runId, events)
    this.#runId = runId
    this.#drain = drain
    this.isBlank = this.#replay.isOver
  }

  get compared(): Compared {
    return { commands: this.#commands, facts: this.#facts }
  }

  /** The first difference so far. */
  get difference(): Difference | undefined {
    return this.#difference
  }

  /** The workflow has come to its end: its journal must have, too. */
  endHere(): void {
    if (this.#compares(0)) this.#check(() => this.#replay.ending(), 0)
  }

  start(command: Command): void {
    this.#open.set(command.number, command)
    if (!this.#compares(command.number)) return
    const isBorrowed = this.#replay.isBorrowed(command.number)
    const draft = givenDraft(command, 0)
    if (!isBorrowed && this.#differs(draft.type, draft.body)) return
    this.#check(() => failureIn(this.#replay.command(command)))
    if (this.#difference === undefined) this.#commands += 1
  }

  cancel(number: number): void {
    const command = this.#open.get(number)
    if (command === undefined || command.kind === 'step') return
    this.#open.delete(number)
    if (this.#compares(number)) this.#check(() => this.#replay.cancellation(number))
  }

  draw(number: number, kind: DrawKind): string | number {
    let value: string | number = 0
    const take = () => {
      const drawn = this.#replay.drawn(number, kind)
      if (drawn.ok) value = drawn.value
      return failureIn(drawn)
    }
    if (this.#compares(number)) this.#check(take)
    return value
  }

  record(number: number, fact: RecordedFact): void {
    if (!this.#compares(number)) return
    const draft = recordedDraft(number, fact)
    const isHere = this.#replay.isBorrowed(number) || !this.#differs(draft.type, draft.body)
    if (isHere) this.#check(() => this.#replay.recorded(draft))
  }

  async next(): Promise<Result<Completion, Stop>> {
    if (this.#difference !== undefined) return this.#stopped()
    if (this.#replay.isOver) return err({ kind: 'parked', readyAt: null })
    const end = this.#replay.nextEnd
    let completion: Result<Completion, Failure> | undefined
    this.#check(() => {
      completion = this.#replay.completion()
      return failureIn(completion) ?? this.#strayEnd(end, completion)
    })
    if (completion?.ok !== true || this.#difference !== undefined) return this.#stopped()
    if (completion.value.kind === 'ended') this.#open.delete(completion.value.number)
    return ok(completion.value)
  }

  turn(run: () => void): void {
    this.#drain()
    run()
    this.#drain()
  }

  #compares(number: number): boolean {
    return !this.isBlank && this.#difference === undefined && this.#replay.holds(number)
  }

  /** Does what compares, and keeps what was found. */
  #check(compare: () => Failure | undefined, facts = 1): void {
    const seq = this.#replay.upcoming?.seq ?? null
    const failure = compare()
    if (failure === undefined) this.#facts += facts
    else if (failure.code === 'replay_mismatch')
      this.#difference = { seq, recorded: failure.recorded, replayed: failure.found }
    else this.#difference = { seq, recorded: 'an event of the run', replayed: failure.code }
  }

  /** Whether the next entry is of that type and yet not the same. Times may differ: they are a clock's. */
  #differs(type: string, replayed: object): boolean {
    const entry = this.#replay.upcoming
    if (entry?.type !== type) return false
    const difference = jsonDifference(timeless(entry.body), timeless(replayed))
    if (difference === undefined) return false
    const { number, name, node } = entry.body as { number: number; name?: string; node?: string | null }
    const what = `${type} ${number}${quotedName(name ?? node)}: ${difference.at}`
    const [was, is] = [shown(difference.first), shown(difference.second)]
    this.#difference = { seq: entry.seq, recorded: `${what} ${was}`, replayed: `${what} ${is}` }
    return true
  }

  /** An end of something that is not open, or is not of that kind or name. */
  #strayEnd(end: EndedFact | undefined, completion: Result<Completion, Failure>): Failure | undefined {
    if (end === undefined || !completion.ok) return undefined
    const { number } = end.body
    const open = this.#open.get(number)
    const fits = completion.value.kind === 'cancelled' ? number === 0 : open !== undefined && isEndOf(end, open)
    if (fits) return undefined
    const recorded = `${end.type} ${number}${'name' in end.body ? quotedName(end.body.name) : ''}`
    const found = open === undefined ? 'nothing of that number is open' : `an open ${open.kind} ${number}`
    return { code: 'replay_mismatch', run: this.#runId, number, recorded, found } satisfies FailureOf<'replay_mismatch'>
  }

  #stopped(): Result<never, Stop> {
    const { recorded = '', replayed: found = '' } = this.#difference ?? {}
    return err({ kind: 'stopped', failure: { code: 'replay_mismatch', run: this.#runId, number: 0, recorded, found } })
  }
}

function failureIn(result: Result<unknown, Failure>): Failure | undefined {
  return result.ok ? undefined : result.error
}

function isEndOf(end: EndedFact, command: Command): boolean {
  switch (end.type) {
    case 'step.succeeded':
    case 'step.failed': {
      if (command.kind !== 'step') return false
      const { activity, options } = command
      return end.body.activity === activity && end.body.name === (options.name ?? activity)
    }
    case 'timer.fired':
      return command.kind === 'timer'
    case 'signal.taken':
      return command.kind === 'signal'
  }
}

/** As it is written down, without what a clock said. */
function timeless(body: object): Json {
  const { due_at: _, ...rest } = JSON.parse(canonicalJson(body as Json))
  return rest
}

function quotedName(name: string | null | undefined): string {
  return name === undefined || name === null ? '' : ` "${name}"`
}

/** How much of a value is shown. */
const SHOWN_VALUE = 120

function shown(value: Json | undefined): string {
  if (value === undefined) return 'is not set'
  const text = canonicalJson(value)
  return `is ${text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text}`
}
