import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { failureRules } from '#domain/failure-rules.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import { attend } from '../attend.ts'
import type { Attended } from '../attended.ts'
import type { Call, Operation, StopRequest } from '../operation.ts'
import type { Executing } from '../services.ts'
import type { RunSummary } from '../store-port.ts'
import { makeWake } from '../wake.ts'

const Input = z.object({ run: z.optional(z.string()), once: z.optional(z.boolean()) })

/** How many runs one process executes at once. */
const RUNS_AT_ONCE = 1000
/** How long, at most, it rests before it looks for due work again. */
const REST_MS = 1000

/** How many runs came to rest; of the only one that was served, how. */
export interface Worked {
  readonly succeeded: number
  readonly failed: number
  readonly waiting: number
  readonly only: Attended | null
}

/** Goes on with runs whose time or answer has come, and with those whose process died. */
export const work: Operation<z.infer<typeof Input>, Worked> = {
  name: 'work',
  effect: 'write',
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => {
    const executing = await call.services.executing()
    if (!executing.ok) return executing
    const only = input.run === undefined ? ok(undefined) : await executing.value.reader.findRun(input.run)
    if (!only.ok) return only
    if (only.value !== undefined && isEnded(only.value.status)) {
      return err({ code: 'run_ended', run: only.value.id, status: only.value.status })
    }
    if (only.value?.status === 'paused') return await leavePaused(executing.value, call, only.value)
    return await new Shift(executing.value, call, { only: only.value?.id, once: input.once === true }).work()
  },
}

/** A paused run waits for a person's word, which this is not. */
async function leavePaused({ reader }: Executing, call: Call, run: RunSummary): Promise<Result<Worked, Failure>> {
  const questions = await reader.openQuestions(run.id)
  if (!questions.ok) return questions
  const attended = { run, questions: questions.value }
  call.report({ kind: 'rested', attended })
  return ok({ succeeded: 0, failed: 0, waiting: 1, only: attended })
}

/** Runs go on to their end when the worker is asked to stop; only it takes no new ones. */
const NEVER_STOPS: StopRequest = { onRequest: () => () => undefined }

interface Scope {
  readonly only: RunId | undefined
  readonly once: boolean
}

/** One process's time of serving runs. */
class Shift {
  readonly #executing: Executing
  readonly #call: Call
  readonly #scope: Scope
  readonly #going = new Map<RunId, Promise<void>>()
  #worked: Worked = { succeeded: 0, failed: 0, waiting: 0, only: null }
  /** Runs that this process may not or cannot go on with; they are left to a person. */
  readonly #refused = new Set<RunId>()
  /** Runs that are still this process's own, though it had to stop. */
  readonly #again = new Set<RunId>()
  #failure: Failure | undefined
  #isStopped = false
  readonly #news = makeWake()

  constructor(executing: Executing, call: Call, scope: Scope) {
    this.#executing = executing
    this.#call = call
    this.#scope = scope
  }

  async work(): Promise<Result<Worked, Failure>> {
    const stopWatching = this.#executing.watch.subscribe(() => this.#news.wake())
    const leaving = Promise.withResolvers<void>()
    const stopListening = this.#call.stop.onRequest((_, times) => {
      this.#isStopped = true
      this.#news.wake()
      // Asked twice, it leaves its runs as they are: interrupted, and resumed by whoever says so.
      if (times > 1) leaving.resolve()
    })
    try {
      while (!this.#isStopped && this.#failure === undefined) {
        const ready = await this.#takeReady()
        if (!ready.ok) return ready
        if (await this.#isOver(ready.value)) break
        await this.#rest()
      }
      await Promise.race([Promise.all(this.#going.values()), leaving.promise])
      return this.#failure === undefined ? ok(this.#worked) : err(this.#failure)
    } finally {
      stopListening()
      stopWatching()
    }
  }

  /** Starts what is ready; says how many those were. */
  async #takeReady(): Promise<Result<number, Failure>> {
    const now = this.#call.services.clock.now()
    const ready = await this.#executing.journal.ready({ now, limit: RUNS_AT_ONCE })
    if (!ready.ok) return ready
    const again = [...this.#again].map((runId) => ({ runId }))
    this.#again.clear()
    let started = 0
    for (const { runId } of [...ready.value, ...again]) {
      const isOurs = this.#scope.only === undefined || this.#scope.only === runId
      if (!isOurs || this.#going.has(runId) || this.#refused.has(runId) || this.#going.size >= RUNS_AT_ONCE) continue
      this.#going.set(runId, this.#goOn(runId))
      started += 1
    }
    return ok(started)
  }

  async #goOn(runId: RunId): Promise<void> {
    const { worker } = this.#executing
    const attended = await attend(
      this.#executing,
      { ...this.#call, attended: false, stop: NEVER_STOPS },
      {
        runId,
        isNew: false,
        start: async () => await worker.goOn(runId, { unattended: true }),
      },
    )
    this.#going.delete(runId)
    if (attended.ok) this.#count(attended.value)
    else {
      // The store gave way under it, and no other process can take it while this one lives: it is tried again.
      const isAgain = attended.error.code.startsWith('store_') && failureRules[attended.error.code].retry === 'later'
      if (isAgain) this.#again.add(runId)
      else this.#refused.add(runId)
      if (this.#scope.only === runId) this.#failure = attended.error
      else this.#call.report({ kind: 'failed', runId, failure: attended.error })
    }
    this.#news.wake()
  }

  #count(attended: Attended): void {
    this.#call.report({ kind: 'rested', attended })
    const { succeeded, failed, waiting } = this.#worked
    const { status } = attended.run
    this.#worked = {
      succeeded: succeeded + (status === 'succeeded' ? 1 : 0),
      failed: failed + (isEnded(status) && status !== 'succeeded' ? 1 : 0),
      waiting: waiting + (isEnded(status) ? 0 : 1),
      only: this.#scope.only === undefined ? null : attended,
    }
  }

  /** Whether there is nothing more to serve. */
  async #isOver(started: number): Promise<boolean> {
    if (started > 0 || this.#going.size > 0) return false
    if (this.#scope.once) return true
    const { only } = this.#scope
    if (only === undefined) return false
    const run = await this.#executing.reader.findRun(only)
    if (!run.ok) return true
    // Without a time of its own a run waits for people only, and who answers starts it again.
    const isWaiting = run.value.status === 'waiting' && run.value.readyAt !== null
    return !isWaiting && run.value.status !== 'queued'
  }

  async #rest(): Promise<void> {
    const due = await this.#executing.reader.nextDue()
    const now = this.#call.services.clock.now()
    const untilDue = due.ok && due.value !== null ? due.value - now : REST_MS
    await this.#news.wait(Math.max(1, Math.min(REST_MS, untilDue)))
  }
}
