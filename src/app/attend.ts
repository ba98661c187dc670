import { err, ok, type Result } from '#base/result.ts'
import { isConductors } from '#domain/conductor/asking.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import type { Outcome } from '#engine/worker.ts'
import type { Attended } from './attended.ts'
import { chosen, deliverAnswer, typedAnswer } from './deliver-answer.ts'
import { Follower } from './follow.ts'
import type { Call, Taken } from './operation.ts'
import { recordedFailure } from './run-failure.ts'
import type { Executing } from './services.ts'
import type { AskedQuestion, RunSummary } from './store-port.ts'
import { makeWake } from './wake.ts'

/** How often, at most, new events are read for who looks on. */
const GLANCE_MS = 25

export interface AttendedRun {
  readonly runId: RunId
  /** Whether it begins here; of another one, what is recorded was told by an earlier process. */
  readonly isNew: boolean
  /** Sets the run going in this process. */
  readonly start: () => Promise<Outcome>
}

/**
 * Stays with a run: executes it, waits with it, goes on when its time or answer has come, and looks on while another
 * process executes it. Ends when the run is over, when only a person can help and none is there, or when the caller
 * has had enough.
 */
export async function attend(
  executing: Executing,
  call: Call,
  attended: AttendedRun,
): Promise<Result<Attended, Failure>> {
  return await new Attendance(executing, call, attended).stay()
}

class Attendance {
  readonly #executing: Executing
  readonly #call: Call
  readonly #attended: AttendedRun
  readonly #follower: Follower
  /** Whether the run goes on in this process at the moment. */
  #isExecuting = false
  #hasLeft = false
  #isSteered = false
  readonly #news = makeWake()
  #glance: NodeJS.Timeout | undefined
  /** Questions were asked of which nobody has been told. */
  #hasQuestions = false
  /** The questions that were told, and how to take each back once it is closed. */
  readonly #asked = new Map<number, AbortController>()

  constructor(executing: Executing, call: Call, attended: AttendedRun) {
    this.#executing = executing
    this.#call = call
    this.#attended = attended
    const { reader, records } = executing
    const { report, services } = call
    this.#follower = new Follower(
      {
        reader,
        records,
        log: services.log,
        owner: executing.owner,
        isAlive: executing.isAlive,
        report: (event, isNews) => {
          if (event.type === 'wait.opened' && event.body.question !== null) this.#hasQuestions = true
          report({ kind: 'event', event, isNews })
        },
      },
      attended.runId,
    )
  }

  async stay(): Promise<Result<Attended, Failure>> {
    const known = this.#attended.isNew ? ok() : await this.#follower.catchUp()
    if (!known.ok) return known
    const stopWatching = this.#executing.watch.subscribe((whose) => this.#onChange(whose))
    const stopListening = this.#call.stop.onRequest((signal, times) => void this.#onStop(signal, times))
    try {
      return await this.#untilDone(await this.#execute(this.#attended.start))
    } finally {
      const failure = this.#follower.recordFailure
      if (failure !== undefined) this.#call.report({ kind: 'failed', runId: this.#attended.runId, failure })
      stopListening()
      stopWatching()
      clearTimeout(this.#glance)
      for (const asked of this.#asked.values()) asked.abort()
    }
  }

  async #untilDone(first: Outcome): Promise<Result<Attended, Failure>> {
    for (let outcome = first; ; ) {
      const pumped = await this.#follower.pump()
      if (!pumped.ok) return pumped
      if (outcome.kind === 'stopped' && !isElsewhere(outcome.failure)) return err(outcome.failure)
      const failure = outcome.kind === 'ended' && !outcome.result.ok ? outcome.result.error : undefined
      const state = await this.#state(failure)
      if (!state.ok || this.#isDone(state.value, outcome)) return state
      await this.#untilReady(state.value)
      if (this.#hasLeft) return await this.#state(undefined)
      outcome = await this.#goOn(state.value.run)
    }
  }

  async #state(known: Failure | undefined): Promise<Result<Attended, Failure>> {
    const { reader } = this.#executing
    const run = await reader.findRun(this.#attended.runId)
    if (!run.ok) return run
    this.#isSteered = run.value.workflow === 'orchestration'
    const questions = await reader.openQuestions(run.value.id)
    if (!questions.ok) return questions
    // Another process may have ended the run; the log says how.
    const failure = known ?? (isEnded(run.value.status) ? await recordedFailure(reader, run.value.id) : undefined)
    return ok({ run: run.value, questions: questions.value, ...(failure !== undefined && { failure }) })
  }

  #isDone({ run, questions }: Attended, outcome: Outcome): boolean {
    if (isEnded(run.status) || run.status === 'paused' || outcome.kind === 'paused') return true
    this.#tell(questions)
    return questions.length > 0 && !this.#call.attended
  }

  /** Tells of questions that are new, and takes back those that are closed. */
  #tell(questions: readonly AskedQuestion[]): void {
    const open = new Set(questions.map(({ number }) => number))
    for (const [number, asked] of this.#asked) if (!open.has(number)) asked.abort()
    for (const question of questions) {
      if (this.#asked.has(question.number)) continue
      const closed = new AbortController()
      this.#asked.set(question.number, closed)
      this.#call.report({ kind: 'asks', question })
      if (this.#call.attended) void this.#askHere(question, closed.signal)
    }
  }

  /** Whoever looks on may answer right here, as long as nobody has answered elsewhere. */
  async #askHere(question: AskedQuestion, closed: AbortSignal): Promise<void> {
    const by = actorOf(this.#call.services.principal)
    const take = async (text: string): Promise<Result<Taken, Failure>> => {
      const answered = this.#read(question, text)
      if (!answered.ok) return this.#isSteered ? await this.#steer(question, text) : answered
      const delivered = await deliverAnswer(this.#executing, question, { ...answered.value, by })
      return delivered.ok ? ok({ isOver: true }) : delivered
    }
    await this.#call.ask(question, { closed, take })
    // Our own commit wakes us, but only the worker knows of runs that go on at the moment.
    await this.#executing.worker.notice()
  }

  /** Only a choice takes words with it; at the Conductor's own questions they are those of a command. */
  #read(question: AskedQuestion, line: string): ReturnType<typeof typedAnswer> {
    if (!isConductors(question.choices)) return typedAnswer(question, line)
    const choice = chosen(question, line)
    return choice.ok ? ok({ choice: choice.value }) : choice
  }

  /** At a question of an orchestration, every command to its run is understood. */
  async #steer(question: AskedQuestion, line: string): Promise<Result<Taken, Failure>> {
    const { steerHere } = await import('./steer-run.ts')
    const steered = await steerHere(this.#executing, this.#call, { question, line })
    if (steered.ok || isConductors(question.choices)) return steered
    const { error } = steered
    if (error.code !== 'steering_invalid' || error.problem !== 'unknown_command') return steered
    // Who answers another question than the Conductor's did not mean a command.
    const answered = typedAnswer(question, line)
    return answered.ok ? steered : answered
  }

  /** Waits until the run can go on here, or something happened to it elsewhere. */
  async #untilReady({ run, questions }: Attended): Promise<void> {
    const due = run.status === 'waiting' ? run.readyAt : null
    if (due !== null && questions.length === 0) this.#call.report({ kind: 'sleeps', until: due })
    const waitMs = due === null ? 1000 : Math.max(0, Math.min(1000, due - this.#call.services.clock.now()))
    await this.#news.wait(waitMs)
  }

  async #goOn(before: RunSummary): Promise<Outcome> {
    const run = await this.#executing.reader.findRun(before.id)
    if (!run.ok) return { kind: 'stopped', failure: run.error }
    const { status, readyAt, interrupted } = run.value
    const isDue = status === 'waiting' && readyAt !== null && readyAt <= this.#call.services.clock.now()
    // That its time has come, or that another process died, is no consent to start again what was in flight.
    if (isDue || interrupted)
      return await this.#execute(() => this.#executing.worker.goOn(before.id, { unattended: true }))
    return { kind: 'waiting', readyAt }
  }

  #onChange(whose: 'ours' | 'theirs'): void {
    if (whose === 'theirs') void this.#executing.worker.notice()
    // The first commit has started what was to be started: now there is time to make the log ready.
    else this.#call.services.log.warm()
    this.#news.wake()
    this.#glance ??= setTimeout(() => void this.#look(), GLANCE_MS)
  }

  async #look(): Promise<void> {
    this.#glance = undefined
    await this.#follower.pump()
    if (!this.#hasQuestions) return
    this.#hasQuestions = false
    const questions = await this.#executing.reader.openQuestions(this.#attended.runId)
    if (questions.ok) this.#tell(questions.value)
  }

  async #execute(start: () => Promise<Outcome>): Promise<Outcome> {
    this.#isExecuting = true
    try {
      return await start()
    } finally {
      this.#isExecuting = false
    }
  }

  /** While the run goes on here, a request to stop cancels it; while it only waits, it is left alone. */
  async #onStop(signal: string, times: number): Promise<void> {
    if (!this.#isExecuting) {
      this.#hasLeft = true
      this.#news.wake()
      return
    }
    const { journal, worker } = this.#executing
    if (times > 1) worker.hurry()
    const delivered = await journal.deliver({
      runId: this.#attended.runId,
      actor: actorOf(this.#call.services.principal),
      draft: { type: 'run.cancel_requested', body: { signal } },
    })
    if (!delivered.ok && !isElsewhere(delivered.error)) {
      this.#call.report({ kind: 'failed', runId: this.#attended.runId, failure: delivered.error })
    }
    await worker.notice()
  }
}

/** Another process has the run: there is still something to look at. */
function isElsewhere(failure: Failure): boolean {
  return failure.code === 'run_owned' || failure.code === 'run_fenced' || failure.code === 'run_ended'
}
