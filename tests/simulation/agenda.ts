import { drainMicrotasks } from 'bun:jsc'
import type { Clock } from '#base/clock.ts'
import type { Timers } from '#engine/timers-port.ts'

/** Something that may happen next. Nothing in a simulation happens by itself: everything waits here to be picked. */
export interface Task {
  /** Whose doing it is: dies with it. */
  readonly owner: string
  readonly label: string
  /** `commit` tasks of one owner that are picked together become one transaction. */
  readonly kind: 'plain' | 'commit'
  readonly run: () => void | Promise<void>
}

export interface Armed {
  readonly owner: string
  readonly label: string
  readonly kind: 'wall' | 'elapsed'
  readonly due: number
  /** What the outside world does takes time, too; those timers are none of the engine's. */
  readonly isOutside: boolean
  readonly call: () => void
}

const BEGINNING = Date.UTC(2026, 0, 1)

/** The told time and all that may happen next. */
export class Agenda implements Clock {
  readonly tasks: Task[] = []
  readonly armed: Armed[] = []
  /** What the wall clock has shown, jump by jump: `[step, time]`. */
  readonly shown: (readonly [step: number, time: number])[] = []
  step = 0
  #elapsed = 0
  #offset = BEGINNING

  constructor() {
    this.#show()
  }

  now(): number {
    return this.#offset + this.#elapsed
  }

  get elapsed(): number {
    return this.#elapsed
  }

  /** Time goes by. */
  pass(durationMs: number): void {
    this.#elapsed += durationMs
    this.#show()
  }

  /** Somebody sets the clock. */
  jump(byMs: number): void {
    this.#offset += byMs
    this.#show()
  }

  offer(task: Task): () => void {
    this.tasks.push(task)
    return () => remove(this.tasks, task)
  }

  arm(timer: Armed): () => void {
    this.armed.push(timer)
    return () => remove(this.armed, timer)
  }

  /** Timers whose time has come. */
  due(): readonly Armed[] {
    return this.armed.filter((timer) => this.untilDue(timer) <= 0)
  }

  untilDue({ kind, due }: Armed): number {
    return due - (kind === 'wall' ? this.now() : this.#elapsed)
  }

  fire(timer: Armed): void {
    remove(this.armed, timer)
    timer.call()
    drainMicrotasks()
  }

  /** Nothing that this owner was about to do happens any more. */
  drop(owner: string): void {
    for (const list of [this.tasks, this.armed] as { owner: string }[][]) {
      const kept = list.filter((entry) => entry.owner !== owner)
      list.splice(0, list.length, ...kept)
    }
  }

  /** Waits until the task is picked. */
  async gate(owner: string, label: string): Promise<void> {
    await new Promise<void>((resolve) => this.offer({ owner, label, kind: 'plain', run: resolve }))
  }

  /** The latest time that the wall clock has shown between two steps. */
  latestShown(from: number, to: number): number {
    let latest = Number.NEGATIVE_INFINITY
    for (const [index, [step, time]] of this.shown.entries()) {
      const until = this.shown[index + 1]?.[0] ?? Number.POSITIVE_INFINITY
      if (step <= to && until >= from) latest = Math.max(latest, time)
    }
    return latest
  }

  /** Whether the wall clock has shown this very time between two steps. */
  wasShown(time: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
    return this.shown.some(
      ([step, shown], index) => shown === time && step <= to && (this.shown[index + 1]?.[0] ?? to) >= from,
    )
  }

  timersOf(owner: string): Timers {
    const arm = (kind: Armed['kind'], due: number, call: () => void) =>
      this.arm({ owner, label: `timer of ${owner}`, kind, due, isOutside: false, call })
    return {
      at: (dueMs, call) => arm('wall', dueMs, call),
      after: (durationMs, call) => arm('elapsed', this.#elapsed + durationMs, call),
      soon: (call) => {
        this.offer({ owner, label: `${owner} wakes up`, kind: 'plain', run: call })
      },
    }
  }

  #show(): void {
    this.shown.push([this.step, this.now()])
  }
}

function remove<T>(list: T[], entry: T): void {
  const index = list.indexOf(entry)
  if (index >= 0) list.splice(index, 1)
}
