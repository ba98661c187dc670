import * as z from 'zod/mini'
import { parseDuration } from '#base/duration.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { Attended } from '../attended.ts'
import type { Call, Operation } from '../operation.ts'
import { recordedFailure } from '../run-failure.ts'
import type { Reading } from '../services.ts'
import type { RunSummary } from '../store-port.ts'
import { makeWake } from '../wake.ts'

const Input = z.object({
  run: z.array(z.string()).check(z.minLength(1)),
  timeout: z.optional(z.string()),
  no_questions: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

export interface Waited {
  /** Each run once, in the order in which they were named. */
  readonly runs: readonly Attended[]
  /** Why it ended: all are over, only people can help those that are not, or the time was up. */
  readonly because: 'ended' | 'people' | 'time'
}

/** The death of a process makes no commit, and neither does the passing of time. */
const LOOK_AGAIN_MS = 1000
/** How long a run whose time has come may lie before it is worth a word. */
const SERVED_WITHIN_MS = 3000

/** Waits until runs are over. It looks on and executes nothing, so any process may run them. */
export const waitForRuns: Operation<Input, Waited> = {
  name: 'runs wait',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const timeout = input.timeout === undefined ? ok(Number.POSITIVE_INFINITY) : durationOf(input.timeout)
    if (!timeout.ok) return timeout
    const reading = await call.services.reading()
    if (!reading.ok) return reading
    const ids = await idsOf(reading.value.reader, input.run)
    if (!ids.ok) return ids
    const people = input.no_questions !== true
    return await new Vigil(reading.value, call, { ids: ids.value, people, timeoutMs: timeout.value }).keep()
  },
}

function durationOf(text: string): Result<number, Failure> {
  const read = parseDuration(text)
  if (read.ok) return read
  const expected = 'a duration such as 30s or 1h30m for --timeout'
  return err({ code: 'usage', problem: 'bad_value', word: text, command: 'runs wait', expected })
}

/** A run that is named twice is one run. */
async function idsOf(reader: Reading['reader'], names: readonly string[]): Promise<Result<readonly RunId[], Failure>> {
  const ids = new Set<RunId>()
  for (const name of names) {
    const run = await reader.findRun(name)
    if (!run.ok) return run
    ids.add(run.value.id)
  }
  return ok([...ids])
}

interface Wanted {
  readonly ids: readonly RunId[]
  /** Whether people are waited for, too. */
  readonly people: boolean
  readonly timeoutMs: number
}

class Vigil {
  readonly #reading: Reading
  readonly #call: Call
  readonly #wanted: Wanted
  readonly #over = new Map<RunId, Attended>()
  /** What was said before: each thing is said once. */
  readonly #told = new Set<string>()
  /** Since when it has been seen that a run could go on and does not. */
  readonly #dueSince = new Map<RunId, number>()

  constructor(reading: Reading, call: Call, wanted: Wanted) {
    this.#reading = reading
    this.#call = call
    this.#wanted = wanted
  }

  async keep(): Promise<Result<Waited, Failure>> {
    const changed = makeWake()
    const end = performance.now() + this.#wanted.timeoutMs
    const stopWatching = this.#reading.watch.subscribe(changed.wake)
    try {
      for (;;) {
        const left = end - performance.now()
        const looked = await this.#look()
        if (!looked.ok) return looked
        const because = this.#reasonToEnd(looked.value, left)
        if (because !== undefined) return ok({ runs: looked.value, because })
        await changed.wait(Math.min(left, LOOK_AGAIN_MS))
      }
    } finally {
      stopWatching()
    }
  }

  #reasonToEnd(runs: readonly Attended[], leftMs: number): Waited['because'] | undefined {
    const open = runs.filter(({ run }) => !isEnded(run.status))
    if (open.length === 0) return 'ended'
    if (!this.#wanted.people && open.every(needsPerson)) return 'people'
    return leftMs <= 0 ? 'time' : undefined
  }

  async #look(): Promise<Result<readonly Attended[], Failure>> {
    const runs: Attended[] = []
    for (const id of this.#wanted.ids) {
      const attended = this.#over.has(id) ? ok(this.#over.get(id)) : await this.#lookAt(id)
      if (!attended.ok) return attended
      if (attended.value !== undefined) runs.push(attended.value)
    }
    return ok(runs)
  }

  async #lookAt(id: RunId): Promise<Result<Attended, Failure>> {
    const { reader } = this.#reading
    const run = await reader.findRun(id)
    if (!run.ok) return run
    if (isEnded(run.value.status)) {
      const failure = await recordedFailure(reader, id)
      const attended = { run: run.value, questions: [], ...(failure !== undefined && { failure }) }
      this.#over.set(id, attended)
      this.#call.report({ kind: 'rested', attended })
      return ok(attended)
    }
    const questions = await reader.openQuestions(id)
    if (!questions.ok) return questions
    for (const question of questions.value) {
      if (this.#isNew(`question ${question.number}`)) this.#call.report({ kind: 'asks', question })
    }
    const hint = this.#hintOn(run.value)
    if (hint !== undefined && this.#isNew(hint)) this.#call.report({ kind: 'note', text: hint })
    return ok({ run: run.value, questions: questions.value })
  }

  /** What to do about a run that stands still though it could go on. */
  #hintOn({ id, status, interrupted, readyAt }: RunSummary): string | undefined {
    if (interrupted) return `the process of run ${id} is gone; go on: orchastration runs resume ${id}`
    const isTimeUp = status === 'waiting' && readyAt !== null && readyAt <= this.#call.services.clock.now()
    if (status !== 'queued' && !isTimeUp) {
      this.#dueSince.delete(id)
      return undefined
    }
    const since = this.#dueSince.get(id) ?? performance.now()
    this.#dueSince.set(id, since)
    const isLate = performance.now() - since > SERVED_WITHIN_MS
    return isLate ? `run ${id} is due and nobody serves it; go on: orchastration work --run ${id}` : undefined
  }

  #isNew(text: string): boolean {
    if (this.#told.has(text)) return false
    this.#told.add(text)
    return true
  }
}

/** Whether nothing but a person makes the run go on: it asks and does nothing else, or stands still until told. */
function needsPerson({ run, questions }: Attended): boolean {
  if (run.status === 'paused' || run.interrupted) return true
  return run.status === 'waiting' && questions.length > 0
}
