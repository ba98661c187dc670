import type { ContextWrites } from '#domain/context/orch-context.ts'
import type { Failure } from '#domain/failure.ts'
import { skippedFor } from '#domain/run/node-state.ts'
import type { NodeStatus, RecordedBodies } from '#domain/run/recorded-fact.ts'
import type { WorkflowContext } from '#engine/workflow.ts'

/** How a node ended, and what it wrote. */
export interface NodeEnd {
  readonly status: NodeStatus
  /** One line for people. */
  readonly message: string
  readonly writes: ContextWrites
  readonly failure: Failure | null
  /** Whether what needs it goes on; not so where it failed, or was not reached because something else did. */
  readonly opens: boolean
}

/** Not reached, because of a failure elsewhere or because nothing further is to begin. */
export function unreached(because: string): NodeEnd {
  return {
    status: 'skipped',
    message: skippedFor(because),
    writes: {},
    failure: null,
    opens: false,
  }
}

/** Not done on purpose: those after it go on with what there is. */
export function leftOut(reason: string): NodeEnd {
  return { status: 'skipped', message: reason, writes: {}, failure: null, opens: true }
}

export function failed(failure: Failure, writes: ContextWrites = {}): NodeEnd {
  return { status: 'failed', message: failure.code, writes, failure, opens: false }
}

type Place = Pick<RecordedBodies['node.ended'], 'node' | 'round' | 'item'>

/** Leaves the fact of an end. */
export function recordEnd(ctx: WorkflowContext, place: Place, end: NodeEnd): NodeEnd {
  const { status, message, writes, failure } = end
  ctx.record({ type: 'node.ended', body: { ...place, status, message, writes, failure } })
  return end
}
