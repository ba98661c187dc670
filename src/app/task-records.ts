import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { RecordsPort } from './records-port.ts'
import type { StoreReader } from './store-port.ts'
import { isAboutTasks, type TaskEnd, taskEndsOf } from './task-ends.ts'
import { exportTask, exportTaskEnd } from './task-exports.ts'

interface Parts {
  readonly reader: StoreReader
  readonly records: RecordsPort
  /** This process, as the log names it. */
  readonly owner: string
  readonly isAlive: (owner: string) => boolean
}

/** Records of what a run does with tasks, written by whoever executed it when it happened. */
export class TaskRecords {
  readonly #parts: Parts
  readonly #begun = new Map<number, EventOf<'step.started'>>()
  /** Ends whose records another process should have written. */
  readonly #foreign: { readonly end: TaskEnd; readonly owner: string }[] = []

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async take(event: RunEvent, owner: string): Promise<Result<void, Failure>> {
    if (event.type === 'step.started') return await this.#begin(event, owner)
    if (event.type !== 'step.succeeded' && event.type !== 'step.failed') return ok()
    const started = this.#begun.get(event.body.number)
    this.#begun.delete(event.body.number)
    for (const end of started === undefined ? [] : taskEndsOf(event, started)) {
      if (owner !== this.#parts.owner) this.#foreign.push({ end, owner })
      else {
        const written = await exportTaskEnd(this.#parts, end, true)
        if (!written.ok) return written
      }
    }
    return ok()
  }

  /** Whoever lives writes its own; who died may have left some out. */
  async makeUp(): Promise<Result<void, Failure>> {
    for (const { end, owner } of this.#foreign.splice(0)) {
      if (this.#parts.isAlive(owner)) continue
      const written = await exportTaskEnd(this.#parts, end, false)
      if (!written.ok) return written
    }
    return ok()
  }

  /** A build that has begun changes where its task stands. */
  async #begin(event: EventOf<'step.started'>, owner: string): Promise<Result<void, Failure>> {
    if (!isAboutTasks(event)) return ok()
    this.#begun.set(event.body.number, event)
    if (event.body.activity !== 'build' || owner !== this.#parts.owner) return ok()
    // The build's activity is given a task, and only that.
    return await exportTask(this.#parts, (event.body.input as { readonly task: string }).task)
  }
}
