import type { Command } from './host-port.ts'

export type StepCommand = Extract<Command, { readonly kind: 'step' }>

/** A step that has not ended. */
export interface OpenStep {
  readonly kind: 'step'
  readonly command: StepCommand
  /** The try that runs or comes next. */
  attempt: number
  isBackingOff: boolean
  isCancelled: boolean
  /** When the next try is due; null unless the step backs off. */
  dueAt: number | null
  stopTimer: () => void
}

export interface OpenTimer {
  readonly kind: 'timer'
  readonly dueAt: number
  stopTimer: () => void
}

/** The commands of a run that have not ended, by number. */
export class OpenCommands {
  readonly #timed = new Map<number, OpenStep | OpenTimer>()
  readonly #waits = new Map<string, number>()
  readonly #signals = new Map<number, string>()

  get(number: number): OpenStep | OpenTimer | { readonly kind: 'signal' } | undefined {
    return this.#timed.get(number) ?? (this.#signals.has(number) ? { kind: 'signal' } : undefined)
  }

  step(number: number): OpenStep | undefined {
    const open = this.#timed.get(number)
    return open?.kind === 'step' ? open : undefined
  }

  /** Steps and timers, in the order in which they were given. */
  get timed(): ReadonlyMap<number, OpenStep | OpenTimer> {
    return this.#timed
  }

  /** The open waits: number by signal name. */
  get waits(): ReadonlyMap<string, number> {
    return this.#waits
  }

  addStep(command: StepCommand): void {
    const state = { attempt: 1, isBackingOff: false, isCancelled: false, dueAt: null, stopTimer: nothing }
    this.#timed.set(command.number, { kind: 'step', command, ...state })
  }

  addTimer(number: number, dueAt: number): OpenTimer {
    const timer: OpenTimer = { kind: 'timer', dueAt, stopTimer: nothing }
    this.#timed.set(number, timer)
    return timer
  }

  addWait(number: number, signal: string): void {
    this.#waits.set(signal, number)
    this.#signals.set(number, signal)
  }

  delete(number: number): void {
    this.#timed.delete(number)
    const signal = this.#signals.get(number)
    if (signal === undefined) return
    this.#signals.delete(number)
    this.#waits.delete(signal)
  }

  /** When the first of them is due by itself; null where none is. */
  get earliestDue(): number | null {
    let earliest: number | null = null
    for (const { dueAt } of this.#timed.values()) {
      if (dueAt !== null && (earliest === null || dueAt < earliest)) earliest = dueAt
    }
    return earliest
  }

  stopTimers(): void {
    for (const open of this.#timed.values()) open.stopTimer()
  }
}

function nothing(): void {}
