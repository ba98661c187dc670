import { type JobEnd, jobEndOf } from '#app/follow.ts'
import type { Progress } from '#app/progress.ts'
import type { OutputPaths } from '#app/services.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import { formatDuration } from '#base/duration.ts'
import { count, onOneLine } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { failureLines } from './failure-tail.ts'
import type { Io } from './io.ts'
import { showGroup } from './job-group.ts'
import { jobLine, LEAST_WIDTH, movingLine, notRunText, recordedLine, widthOf } from './job-lines.ts'
import { JobStates } from './job-states.ts'

const REDRAW_MS = 100
/** A run that ends otherwise has jobs that did not. */
const ENDS: ReadonlySet<RunEvent['type']> = new Set(['run.failed', 'run.cancelled', 'run.timed_out'])

const UNSTARTED: ReadonlySet<Failure['code']> = new Set(['env_file_invalid', 'secret_unusable', 'secret_exposed'])

export interface RunView {
  readonly report: (progress: Progress) => void
  /** The run was told to stop. */
  stopping(times: number): void
  /** Takes away what moves, and says what is left to say. */
  end(): void
  /** What went wrong beside the run, such as a record that could not be written. */
  sayFailures(): Promise<void>
  /** How the jobs stand by what was reported. */
  readonly states: JobStates
}

/** Shows a run as it goes: on a terminal a line a job and one that moves, piped the output of each job in one piece. */
export function runView(io: Io, files: OutputPaths): RunView {
  return new LiveView(io, files)
}

class LiveView implements RunView {
  readonly #io: Io
  readonly #files: OutputPaths
  readonly #running = new Map<number, { readonly name: string; readonly since: number }>()
  readonly #failed: JobEnd[] = []
  readonly #failures: Failure[] = []
  /** Of what kept a command from starting there is no output that tells it. */
  readonly #unstarted: { readonly job: string; readonly failure: Failure }[] = []
  readonly states = new JobStates()
  #runId = ''
  #width = LEAST_WIDTH
  #timer: NodeJS.Timeout | undefined
  #isDrawn = false
  /** The run waits or stands still: there is nothing to end. */
  #isResting = false
  /** The waits whose questions can be answered right here: their prompt must not be written over. */
  readonly #asking = new Set<number | null>()

  constructor(io: Io, files: OutputPaths) {
    this.#io = io
    this.#files = files
  }

  readonly report = (progress: Progress): void => {
    if (progress.kind === 'begun') this.#begin(progress)
    else if (progress.kind === 'event') this.#event(progress.event, progress.isNews)
    else if (progress.kind === 'asks') this.#ask(progress.question)
    else if (progress.kind === 'note') this.#say(`${onOneLine(progress.text)}\n`)
    else if (progress.kind === 'failed') this.#failures.push(progress.failure)
    else if (progress.kind === 'sleeps' && this.#io.isLive) {
      this.#say(`  waits until ${new Date(progress.until).toISOString()}\n`)
    }
  }

  stopping(times: number): void {
    if (!this.#io.isLive || times > 1 || this.#isResting) return
    // The terminal has written ^C where it was.
    this.#say(`${this.#isDrawn ? '' : '\n'}ending…; again: kill now\n`)
  }

  end(): void {
    this.#clear()
    clearInterval(this.#timer)
    for (const end of this.#failed) this.#showFailure(end)
  }

  /** The words are loaded for a failure only: a run that goes well need not pay for them. */
  async sayFailures(): Promise<void> {
    if (this.#failures.length + this.#unstarted.length === 0) return
    const { describeFailure } = await import('#app/failure-text.ts')
    for (const failure of this.#failures.splice(0)) this.#say(`${describeFailure(failure).headline}\n`)
    for (const { job, failure } of this.#unstarted.splice(0)) {
      const { headline, todo } = describeFailure(failure, this.#io.home)
      this.#say(`${onOneLine(job)}: ${headline}\n${todo.map((line) => `  ${line}\n`).join('')}`)
    }
  }

  #begin({ runId, name, jobs }: Extract<Progress, { kind: 'begun' }>): void {
    this.#runId = runId
    this.#width = widthOf(jobs, this.#io.columns())
    if (!this.#io.isLive) return
    this.#say(`${this.#io.paint.strong(onOneLine(name))} · ${count(jobs.length, 'job')} · ${runId}\n`)
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
  }

  #ask({ number, asker, text, choices, wait }: AskedQuestion): void {
    this.#say(`  ?  ${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}\n`)
    this.#say(`        orchastration answer ${number} ${choices.join(' | ')}\n`)
    if (this.#io.isAttended) this.#asking.add(wait)
  }

  #event(event: RunEvent, isNews: boolean): void {
    this.states.take(event)
    if (event.type === 'run.queued' && isNews) this.#showReused()
    if (event.type === 'run.waiting' || event.type === 'run.paused') this.#isResting = true
    else if (event.type === 'run.resumed') this.#isResting = false
    if (event.type === 'signal.taken' || event.type === 'wait.closed') this.#asking.delete(event.body.number)
    if (event.type === 'step.started') {
      this.#running.set(event.body.number, { name: event.body.name, since: event.at })
    }
    if (event.type === 'step.retried' && isNews) this.#retried(event.body)
    const end = jobEndOf(event)
    if (end !== undefined) this.#ended(end, isNews)
    if (isNews && ENDS.has(event.type)) this.#showUnended()
  }

  /** What an earlier run has done already stands first. */
  #showReused(): void {
    for (const [job, state] of this.states.reused) {
      if (this.#io.isLive) this.#say(jobLine(job, state, { width: this.#width, paint: this.#io.paint }))
      else this.#say(`${onOneLine(job)} · reused from run ${state.run}\n`)
    }
  }

  #ended(end: JobEnd, isNews: boolean): void {
    this.#running.delete(end.number)
    const { job, failure } = end
    if (isNews && failure !== undefined && UNSTARTED.has(failure.code)) this.#unstarted.push({ job, failure })
    if (!isNews) this.#say(recordedLine(end, this.#width))
    else if (this.#io.isLive) {
      this.#say(jobLine(end.job, { kind: 'ended', end }, { width: this.#width, paint: this.#io.paint }))
      if (end.failure !== undefined) this.#failed.push(end)
    } else showGroup(end, { io: this.#io, files: this.#files, runId: this.#runId })
  }

  #retried({ number, attempt, due_at }: EventOf<'step.retried'>['body']): void {
    const name = this.#running.get(number)?.name ?? String(number)
    const wait = formatDuration(due_at - Date.now())
    if (this.#io.isLive) this.#say(`  again ${onOneLine(name)}: attempt ${attempt} in ${wait}\n`)
  }

  /** The jobs that have no line of their own yet, once the run is over. */
  #showUnended(): void {
    const { paint, isLive } = this.#io
    for (const [job, state] of this.states.unended) {
      if (isLive) this.#say(jobLine(job, state, { width: this.#width, paint }))
      else this.#say(`${onOneLine(job)} · ${notRunText(state)}\n`)
    }
  }

  #showFailure(end: JobEnd): void {
    const { report, failure } = end
    const hasOutput = report.stdout.bytes + report.stderr.bytes > 0
    // Whoever cancelled knows why it ended.
    if (failure === undefined || (failure.code === 'cancelled' && !hasOutput)) return
    const lines = failureLines({ ...end, failure }, { files: this.#files, runId: this.#runId })
    this.#io.note(`\n${lines.join('\n')}\n`)
  }

  #say(text: string): void {
    this.#clear()
    this.#io.note(text)
  }

  /** The one line that moves: what runs, and for how long. */
  #draw(): void {
    const now = Date.now()
    const running = [...this.#running.values()].map(({ name, since }) => ({ name, runsMs: now - since }))
    this.#clear()
    if (running.length === 0 || this.#asking.size > 0) return
    this.#io.note(movingLine(running, { width: this.#width, columns: this.#io.columns() }))
    this.#isDrawn = true
  }

  #clear(): void {
    if (this.#isDrawn) this.#io.note('\r\u001b[K')
    this.#isDrawn = false
  }
}
