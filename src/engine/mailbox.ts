import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { Inbound } from './journal-port.ts'

/** A signal that has found its wait, or the run's cancellation, which is number 0. */
export interface Delivery {
  readonly number: number
  readonly inbound: Inbound
}

/** What came for a run from outside: kept until a wait takes it, in the order in which it came. */
export class Mailbox {
  readonly #received = new Map<number, Inbound>()
  readonly #untaken: Inbound[] = []
  #isCancelTold = false

  constructor(history: readonly RunEvent[]) {
    const taken = new Set(
      history
        .filter((event): event is EventOf<'signal.taken'> => event.type === 'signal.taken')
        .map(({ body }) => body.signal_seq),
    )
    for (const event of history) {
      if (event.type !== 'signal.received' && event.type !== 'run.cancel_requested') continue
      this.#received.set(event.runSeq, event)
      if (!taken.has(event.runSeq)) this.#untaken.push(event)
    }
  }

  /** All that ever came, by its place in the run. */
  get received(): ReadonlyMap<number, Inbound> {
    return this.#received
  }

  /** Takes in what came; the same may be told by several ways. */
  receive(inbound: Inbound): void {
    if (this.#received.has(inbound.runSeq)) return
    this.#received.set(inbound.runSeq, inbound)
    this.#untaken.push(inbound)
  }

  /** The workflow was told of its cancellation: further requests change nothing. */
  cancelTold(): void {
    this.#isCancelTold = true
  }

  /** The first of what waits that has somebody to take it. `waits` are the open waits: number by signal name. */
  peek(waits: ReadonlyMap<string, number>): Delivery | undefined {
    for (const inbound of this.#untaken) {
      const number = this.#receiver(inbound, waits)
      if (number !== undefined) return { number, inbound }
    }
    return undefined
  }

  take(waits: ReadonlyMap<string, number>): Delivery | undefined {
    const delivery = this.peek(waits)
    if (delivery !== undefined) this.#untaken.splice(this.#untaken.indexOf(delivery.inbound), 1)
    return delivery
  }

  #receiver(inbound: Inbound, waits: ReadonlyMap<string, number>): number | undefined {
    if (inbound.type === 'signal.received') return waits.get(inbound.body.signal)
    return this.#isCancelTold ? undefined : 0
  }
}
