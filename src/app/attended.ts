import type { Failure } from '#domain/failure.ts'
import type { AskedQuestion, RunSummary } from './store-port.ts'

/** Where a run stands when its command is done with it. */
export interface Attended {
  readonly run: RunSummary
  readonly questions: readonly AskedQuestion[]
  /** Why the run did not succeed, where it is over. */
  readonly failure?: Failure
}
