import type { BorrowedEvent, EventBodies, EventDraft, RunEvent } from '#domain/run/event.ts'
import type { EndedFact } from './ended-fact.ts'

export type BorrowedGiven = Exclude<
  BorrowedEvent,
  { type: EndedFact['type'] | 'signal.received' | 'timer.cancelled' | 'wait.closed' }
>

/** A signal as far as its taker has to know it. */
export interface BorrowedSignal {
  readonly type: 'signal.received'
  readonly actor: string
  readonly body: EventBodies['signal.received']
}

/**
 * What a forked run took over: everything that was asked for and had ended when the other run came to where this one
 * goes on by itself. What was still open there is not in it, and is asked for anew.
 */
export class Borrowed {
  readonly isEmpty: boolean
  /** By the place in the other run. */
  readonly inbound = new Map<number, BorrowedSignal>()
  readonly #given = new Map<number, BorrowedGiven>()
  readonly #cancelled = new Set<number>()
  readonly #ends: EndedFact[] = []
  #position = 0

  constructor(events: readonly (RunEvent | EventDraft)[]) {
    const borrowed = events.flatMap((event) => (event.type === 'run.borrowed' ? event.body.events : []))
    this.isEmpty = borrowed.length === 0
    for (const event of borrowed) this.#add(event)
  }

  get isOver(): boolean {
    return this.#position >= this.#ends.length
  }

  has(number: number): boolean {
    return this.#given.has(number)
  }

  given(number: number): BorrowedGiven | undefined {
    return this.#given.get(number)
  }

  isCancelled(number: number): boolean {
    return this.#cancelled.has(number)
  }

  get nextEnd(): EndedFact | undefined {
    return this.#ends[this.#position]
  }

  takeEnd(): EndedFact | undefined {
    const end = this.nextEnd
    if (end !== undefined) this.#position += 1
    return end
  }

  #add(event: BorrowedEvent): void {
    switch (event.type) {
      case 'step.succeeded':
      case 'step.failed':
      case 'timer.fired':
      case 'signal.taken':
        this.#ends.push(event)
        return
      case 'timer.cancelled':
      case 'wait.closed':
        this.#cancelled.add(event.body.number)
        return
      case 'signal.received':
        this.inbound.set(event.run_seq, event)
        return
      default:
        this.#given.set(event.body.number, event)
    }
  }
}
