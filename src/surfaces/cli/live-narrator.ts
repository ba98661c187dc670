import type { JobEnd } from '#app/command-ends.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import { failureText } from './failure-tail.ts'
import { type JobRow, rowText } from './fold-jobs.ts'
import type { Io } from './io.ts'
import { isCancelled, jobLine, LEAST_WIDTH, recordedLine, widthOf } from './job-lines.ts'
import type { ReusedState, UnendedState } from './job-states.ts'
import { LiveRegion } from './live-region.ts'
import { OutputTails } from './output-tails.ts'
import type { BegunRun, NarratorParts, RunNarrator } from './run-narrator.ts'
import { regionLines } from './run-region.ts'

/** A name that is longer leaves the count and the id their place. */
const TITLE_COLUMNS = 42

/** On a terminal: a line a job as it ends, below them what runs, and at the end what failed. */
export class LiveNarrator implements RunNarrator {
  readonly #io: Io
  readonly #parts: NarratorParts
  readonly #region: LiveRegion
  /** Whose ends are told in full. */
  readonly #told: (JobEnd & { readonly failure: NonNullable<JobEnd['failure']> })[] = []
  #tails: OutputTails | undefined
  #runId = ''
  #width = LEAST_WIDTH
  #total = 0
  #ended = 0
  #failed = 0
  #cancelled = 0
  #isPrompting = false

  constructor(io: Io, parts: NarratorParts) {
    this.#io = io
    this.#parts = parts
    this.#region = new LiveRegion(io, () => this.#lines())
  }

  begun({ runId, name, jobs }: BegunRun): void {
    this.#runId = runId
    this.#total = jobs.length
    this.#width = widthOf(jobs, this.#io.columns())
    this.#tails = new OutputTails(this.#parts.files, runId)
    const title = cut(name, Math.max(TITLE_COLUMNS, this.#io.columns() - TITLE_COLUMNS))
    this.say(
      `${this.#io.paint.strong(title)}${jobs.length === 0 ? '' : ` · ${count(jobs.length, 'job')}`} · ${runId}\n`,
    )
    this.#region.begin()
  }

  say(text: string): void {
    this.#region.say(text)
  }

  asks(text: string): void {
    this.say(text)
  }

  ended(end: JobEnd): void {
    const { failure } = end
    this.#ended += 1
    this.#tails?.forget(end.number)
    this.say(jobLine(end.job, { kind: 'ended', end }, { width: this.#width, paint: this.#io.paint }))
    if (failure === undefined) return
    if (isCancelled(failure)) this.#cancelled += 1
    else this.#failed += 1
    if (isWorthTelling(end)) this.#told.push({ ...end, failure })
  }

  recorded(end: JobEnd): void {
    this.#ended += 1
    this.say(recordedLine(end, this.#width))
  }

  without(row: JobRow<UnendedState | ReusedState>): void {
    if (row.state.kind === 'reused') this.#ended += row.jobs.length
    this.say(rowText(row, { width: this.#width, paint: this.#io.paint }))
  }

  retried(job: string, words: string): void {
    this.say(`  again ${onOneLine(job)}: ${words}\n`)
  }

  prompting(isPrompting: boolean): void {
    this.#isPrompting = isPrompting
    if (isPrompting) this.#region.clear()
  }

  stopping(): void {
    // The terminal has written ^C where it was.
    this.say(`${this.#region.isDrawn ? '' : '\n'}ending…; again: kill now\n`)
  }

  end(): void {
    this.#region.end()
    if (this.#told.length > 0) {
      this.#io.note(failureText(this.#told, { files: this.#parts.files, runId: this.#runId }))
    }
  }

  #lines(): readonly string[] {
    if (this.#isPrompting) return []
    return regionLines(
      {
        running: this.#parts.running(),
        ended: this.#ended,
        failed: this.#failed,
        cancelled: this.#cancelled,
        total: this.#total,
        width: this.#width,
        tail: (number, most) => (this.#parts.isAsItComes ? [] : (this.#tails?.of(number, most) ?? [])),
      },
      this.#io.size(),
    )
  }
}

/** Whoever cancelled knows why it ended. */
function isWorthTelling({ report, failure }: JobEnd): boolean {
  return failure === undefined || !isCancelled(failure) || report.stdout.bytes + report.stderr.bytes > 0
}
