import type { JobEnd } from '#app/command-ends.ts'
import { onOneLine } from '#base/text.ts'
import type { Io } from './io.ts'
import { showGroup } from './job-group.ts'
import { LEAST_WIDTH, notRunText, recordedLine, widthOf } from './job-lines.ts'
import type { ReusedState, UnendedState } from './job-states.ts'
import type { BegunRun, NarratorParts, RunNarrator } from './run-narrator.ts'

/** Into a file or a pipe: what each job wrote, in one piece as it ends; with `--quiet` of those that failed only. */
export class PlainNarrator implements RunNarrator {
  readonly #io: Io
  readonly #parts: NarratorParts
  #runId = ''
  #width = LEAST_WIDTH

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
    // What it wrote was told already: only how it ended is left.
    const shown = this.#parts.isAsItComes ? withoutOutput(end) : end
    showGroup(shown, { notes, paint, files: this.#parts.files, runId: this.#runId })
  }

  recorded(end: JobEnd): void {
    this.say(recordedLine(end, this.#width))
  }

  without(job: string, state: UnendedState | ReusedState): void {
    const words = state.kind === 'reused' ? `reused from run ${state.run}` : notRunText(state)
    this.say(`${onOneLine(job)} · ${words}\n`)
  }

  retried(): void {}

  prompting(): void {}

  stopping(): void {}

  end(): void {}
}

function withoutOutput(end: JobEnd): JobEnd {
  const { stdout, stderr } = end.report
  return { ...end, report: { ...end.report, stdout: { ...stdout, bytes: 0 }, stderr: { ...stderr, bytes: 0 } } }
}
