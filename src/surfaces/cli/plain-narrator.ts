import type { JobEnd } from '#app/command-ends.ts'
import { count, onOneLine } from '#base/text.ts'
import { firstOf, type JobRow } from './fold-jobs.ts'
import type { Io } from './io.ts'
import { showGroup } from './job-group.ts'
import { causeOf, isCancelled, LEAST_WIDTH, notRunText, recordedLine, widthOf } from './job-lines.ts'
import type { ReusedState, UnendedState } from './job-states.ts'
import type { BegunRun, NarratorParts, RunNarrator } from './run-narrator.ts'

/** So many failures are said again. */
const MOST_NAMED = 10

/** Into a file or a pipe: what each job wrote, in one piece as it ends; with `--quiet` of those that failed only. */
export class PlainNarrator implements RunNarrator {
  readonly #io: Io
  readonly #parts: NarratorParts
  #runId = ''
  #width = LEAST_WIDTH
  readonly #failed: JobEnd[] = []
  #isFolded = false

  constructor(io: Io, parts: NarratorParts) {
    this.#io = io
    this.#parts = parts
  }

  begun({ runId, jobs }: BegunRun): void {
    this.#runId = runId
    this.#width = widthOf(jobs, this.#io.columns())
  }

  say(text: string): void {
    this.#io.note(text)
  }

  asks(text: string): void {
    this.#io.alert.note(text)
  }

  ended(end: JobEnd): void {
    const { paint, alert } = this.#io
    const notes = end.failure === undefined ? this.#io : alert
    if (end.failure !== undefined && !isCancelled(end.failure)) this.#failed.push(end)
    // What it wrote was told already: only how it ended is left.
    const shown = this.#parts.isAsItComes ? withoutOutput(end) : end
    showGroup(shown, { notes, paint, files: this.#parts.files, runId: this.#runId })
  }

  recorded(end: JobEnd): void {
    this.say(recordedLine(end, this.#width))
  }

  without({ jobs, state }: JobRow<UnendedState | ReusedState>): void {
    const words = state.kind === 'reused' ? `reused from run ${state.run}` : notRunText(state)
    const [only = '', ...others] = jobs
    if (others.length === 0) this.say(`${onOneLine(only)} · ${words}\n`)
    else {
      this.#isFolded = true
      this.say(`${count(jobs.length, 'job')} · ${words}: ${firstOf(jobs)}\n`)
    }
  }

  retried(): void {}

  prompting(): void {}

  stopping(): void {}

  /** Of very many jobs, those that failed are said again: their groups may stand far above. */
  end(): void {
    if (!this.#isFolded || this.#failed.length === 0) return
    const named = this.#failed.slice(0, MOST_NAMED)
    for (const { job, failure } of named) {
      if (failure !== undefined) this.say(`failed: ${onOneLine(job)} · ${causeOf(failure)}\n`)
    }
    const left = this.#failed.length - named.length
    if (left > 0) this.say(`failed: ${count(left, 'more job')}\n`)
  }
}

function withoutOutput(end: JobEnd): JobEnd {
  const { stdout, stderr } = end.report
  return { ...end, report: { ...end.report, stdout: { ...stdout, bytes: 0 }, stderr: { ...stderr, bytes: 0 } } }
}
