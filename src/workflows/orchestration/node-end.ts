import type { StepWrites } from '#domain/context/orch-context.ts'
import type { Failure } from '#domain/failure.ts'
import type { AgentEnd } from '#domain/run/agent-end.ts'

/** How a node ended, and what it wrote. */
export interface NodeEnd {
  readonly end: AgentEnd
  /** Undefined where it did nothing that those after it could build upon. */
  readonly wrote?: StepWrites
  readonly failure?: Failure
}
