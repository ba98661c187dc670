import type { JobEnd } from '#app/command-ends.ts'
import type { OutputPaths } from '#app/services.ts'
import type { JobRow } from './fold-jobs.ts'
import type { ReusedState, UnendedState } from './job-states.ts'
import type { RunningJob } from './run-region.ts'

/** How a run is told: in one way to whoever looks at a terminal, in another into a file. */
export interface RunNarrator {
  begun(run: BegunRun): void
  /** Whole lines that belong to no job. */
  say(text: string): void
  asks(text: string): void
  ended(end: JobEnd): void
  /** It ended before this process took the run over. */
  recorded(end: JobEnd): void
  /** Jobs that have no end in this run, all for the same cause. */
  without(row: JobRow<UnendedState | ReusedState>): void
  retried(job: string, words: string): void
  /** Something reads what is typed: nothing may move until it is done. */
  prompting(isPrompting: boolean): void
  /** The run was told to stop. */
  stopping(): void
  end(): void
}

export interface BegunRun {
  readonly runId: string
  readonly name: string
  readonly jobs: readonly string[]
}

export interface NarratorParts {
  readonly files: OutputPaths
  /** What each job writes is told as it comes, and need not be shown again. */
  readonly isAsItComes: boolean
  readonly running: () => readonly RunningJob[]
}
