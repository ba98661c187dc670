import type { Json } from '#base/json.ts'
import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Activities } from './activities.ts'
import type { Timers } from './timers-port.ts'

/** A try of a step, ready to start. */
export interface Try {
  readonly number: number
  readonly attempt: number
  readonly name: string
  readonly activity: string
  readonly input: Json
  readonly timeoutMs: number | undefined
  readonly key: string
  readonly start: string
}

interface AttemptParts {
  readonly activities: Activities
  readonly timers: Timers
  readonly onEnd: (tried: Try, result: Result<Json, Failure>) => void
}

/** The tries of one run that are going on in this process. */
export class Attempts {
  readonly #parts: AttemptParts
  readonly #running = new Map<number, AbortController>()
  readonly #hurry = new AbortController()

  constructor(parts: AttemptParts) {
    this.#parts = parts
  }

  get count(): number {
    return this.#running.size
  }

  /** Starts a try; `onEnd` hears of its end, exactly once. */
  start(tried: Try): void {
    const controller = new AbortController()
    this.#running.set(tried.number, controller)
    const stopTimer = this.#limitTime(tried, controller)
    void this.#perform(tried, controller.signal).then((result) => {
      stopTimer()
      this.#running.delete(tried.number)
      this.#parts.onEnd(tried, result)
    })
  }

  /** Asks a running try to stop; says whether there was one. */
  cancel(number: number, reason: Failure): boolean {
    const controller = this.#running.get(number)
    controller?.abort(reason)
    return controller !== undefined
  }

  /** Whatever is ending ends at once. */
  hurry(): void {
    this.#hurry.abort()
  }

  async #perform(tried: Try, signal: AbortSignal): Promise<Result<Json, Failure>> {
    const activity = this.#parts.activities[tried.activity]
    if (activity === undefined) {
      return err({ code: 'internal', incident: tried.key, detail: `no activity is called ${tried.activity}` })
    }
    const { key, name: step, attempt, start } = tried
    try {
      return await activity.run(tried.input, { key, step, attempt, start, signal, hurry: this.#hurry.signal })
    } catch (error) {
      return err({ code: 'internal', incident: tried.key, detail: String(error) })
    }
  }

  #limitTime(tried: Try, controller: AbortController): () => void {
    const { timeoutMs } = tried
    if (timeoutMs === undefined) return () => undefined
    const expire = () => controller.abort({ code: 'timed_out', timeout_ms: timeoutMs } satisfies Failure)
    return this.#parts.timers.after(timeoutMs, expire)
  }
}
