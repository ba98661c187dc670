import { commandEndOf, type JobEnd } from '#app/command-ends.ts'
import type { Progress } from '#app/progress.ts'
import type { OutputPaths } from '#app/services.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import { formatDuration } from '#base/duration.ts'
import { alternatives, onOneLine } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { reportOf } from '#domain/run/job-record.ts'
import { eventLine } from './event-line.ts'
import { foldAlike } from './fold-jobs.ts'
import type { Io } from './io.ts'
import { JobStates } from './job-states.ts'
import { LiveNarrator } from './live-narrator.ts'
import { OutputLines } from './output-lines.ts'
import { PlainNarrator } from './plain-narrator.ts'
import type { RunNarrator } from './run-narrator.ts'

/** How often what running jobs write is looked at, where it is told as it comes. */
const LOOK_MS = 100
/** A run that ends otherwise has jobs that did not. */
const ENDS: ReadonlySet<RunEvent['type']> = new Set(['run.failed', 'run.cancelled', 'run.timed_out'])

const UNSTARTED: ReadonlySet<Failure['code']> = new Set(['env_file_invalid', 'secret_unusable', 'secret_exposed'])

/** Shows a run as it goes, from what its operation reports. */
export class RunView {
  readonly #io: Io
  readonly #narrator: RunNarrator
  /** With `--verbose`. */
  readonly #outputs: OutputLines | undefined
  readonly #running = new Map<number, { readonly name: string; readonly since: number; readonly attempt: number }>()
  readonly #failures: Failure[] = []
  /** Of what kept a command from starting there is no output that tells it. */
  readonly #unstarted: { readonly job: string; readonly failure: Failure }[] = []
  /** How the jobs stand by what was reported. */
  readonly states = new JobStates()
  #runId = ''
  #looking: NodeJS.Timeout | undefined
  /** The run waits or stands still: there is nothing to end. */
  #isResting = false
  /** The waits whose questions can be answered right here: their prompt must not be written over. */
  readonly #asking = new Set<number | null>()

  constructor(io: Io, files: OutputPaths) {
    const isAsItComes = io.loudness === 'verbose'
    const parts = { files, isAsItComes, running: () => this.#runningJobs() }
    this.#io = io
    this.#narrator = io.isLive ? new LiveNarrator(io, parts) : new PlainNarrator(io, parts)
    this.#outputs = isAsItComes ? new OutputLines(files, (text) => this.#narrator.say(text)) : undefined
    io.terminal?.whenLent({ before: (job) => this.#stepAside(job), after: () => this.#moveAgain() })
  }

  readonly report = (progress: Progress): void => {
    if (progress.kind === 'begun') this.#begin(progress)
    else if (progress.kind === 'event') this.#event(progress.event, progress.isNews)
    else if (progress.kind === 'asks') this.#ask(progress.question)
    else if (progress.kind === 'note') this.#narrator.say(`${onOneLine(progress.text)}\n`)
    else if (progress.kind === 'failed') this.#failures.push(progress.failure)
    else if (progress.kind === 'sleeps' && this.#io.isLive) {
      this.#narrator.say(`  waits until ${new Date(progress.until).toISOString()}\n`)
    }
  }

  /** The run was told to stop. */
  stopping(times: number): void {
    if (times === 1 && !this.#isResting) this.#narrator.stopping()
  }

  /** Takes away what moves, and says what is left to say. */
  end(): void {
    clearInterval(this.#looking)
    this.#narrator.end()
  }

  /**
   * What went wrong beside the run, such as a record that could not be written. The words are loaded for a failure
   * only: a run that goes well need not pay for them.
   */
  async sayFailures(): Promise<void> {
    if (this.#failures.length + this.#unstarted.length === 0) return
    const { describeFailure } = await import('#app/failure-text.ts')
    for (const failure of this.#failures.splice(0)) this.#io.alert.note(`${describeFailure(failure).headline}\n`)
    for (const { job, failure } of this.#unstarted.splice(0)) {
      const { headline, todo } = describeFailure(failure, this.#io.home)
      this.#io.alert.note(`${onOneLine(job)}: ${headline}\n${todo.map((line) => `  ${line}\n`).join('')}`)
    }
  }

  #begin(begun: Extract<Progress, { kind: 'begun' }>): void {
    this.#runId = begun.runId
    this.#narrator.begun(begun)
    if (this.#outputs !== undefined) this.#looking = setInterval(() => this.#look(), LOOK_MS)
  }

  #look(): void {
    this.#outputs?.look(this.#runId, this.#running)
  }

  #ask({ number, asker, text, choices, wait }: AskedQuestion): void {
    const question = `  ?  ${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}\n`
    this.#narrator.asks(`${question}        orchastration answer ${number} ${alternatives(choices)}\n`)
    if (!this.#io.isAttended) return
    this.#asking.add(wait)
    this.#narrator.prompting(true)
  }

  #event(event: RunEvent, isNews: boolean): void {
    this.states.take(event)
    if (isNews && this.#io.loudness === 'verbose') this.#narrator.say(`${eventLine(event)}\n`)
    if (event.type === 'run.queued' && isNews) {
      // What an earlier run has done already stands first.
      for (const row of foldAlike(this.states.reused)) this.#narrator.without(row)
    }
    this.#follow(event, isNews)
    const end = commandEndOf(event)
    if (end !== undefined) this.#ended(end, isNews)
    if (isNews && ENDS.has(event.type)) {
      // The jobs that have no line of their own yet, once the run is over.
      for (const row of foldAlike(this.states.unended)) this.#narrator.without(row)
    }
  }

  /** Where the run stands, and what runs. */
  #follow(event: RunEvent, isNews: boolean): void {
    if (event.type === 'run.waiting' || event.type === 'run.paused') this.#isResting = true
    else if (event.type === 'run.resumed') this.#isResting = false
    if (event.type === 'signal.taken' || event.type === 'wait.closed') this.#answered(event.body.number)
    if (event.type === 'step.started') {
      this.#running.set(event.body.number, { name: event.body.name, since: event.at, attempt: 1 })
    }
    if (event.type === 'step.succeeded' || event.type === 'step.failed') this.#running.delete(event.body.number)
    if (event.type === 'step.retried') this.#retried(event.body, isNews)
  }

  #answered(wait: number): void {
    this.#asking.delete(wait)
    this.#moveAgain()
  }

  #ended(end: JobEnd, isNews: boolean): void {
    this.#running.delete(end.number)
    const { job, failure } = end
    if (isNews && failure !== undefined && UNSTARTED.has(failure.code)) this.#unstarted.push({ job, failure })
    if (isNews) this.#outputs?.finish(end)
    if (isNews) this.#narrator.ended(end)
    else this.#narrator.recorded(end)
  }

  #retried({ number, attempt, due_at, failure }: EventOf<'step.retried'>['body'], isNews: boolean): void {
    const step = this.#running.get(number)
    if (step === undefined) return
    this.#running.set(number, { ...step, attempt })
    if (!isNews) return
    const report = reportOf(failure)
    if (report !== undefined) this.#outputs?.finish({ job: step.name, number, report })
    this.#narrator.retried(step.name, `attempt ${attempt} in ${formatDuration(due_at - Date.now())}`)
  }

  /** A job takes the terminal: nothing of ours may move on it until it is back. */
  #stepAside(job: string): void {
    this.#narrator.say(`  run   ${onOneLine(job)} has the terminal; Ctrl-C three times in a second ends the run\n`)
    this.#narrator.prompting(true)
  }

  #moveAgain(): void {
    if (this.#asking.size === 0 && this.#io.terminal?.isLent !== true) this.#narrator.prompting(false)
  }

  #runningJobs() {
    const now = Date.now()
    return [...this.#running].map(([number, { name, since }]) => ({ number, name, runsMs: now - since }))
  }
}
