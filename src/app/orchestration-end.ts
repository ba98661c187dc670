import { onOneLine } from '#base/text.ts'
import type { NodeState } from '#domain/run/node-state.ts'
import type { FoldedNode, OrchestrationFold } from '#domain/run/orchestration-fold.ts'
import type { OrchestrationEnd } from '#domain/run/orchestration-record.ts'
import { describeFailure } from './failure-text.ts'

/** How an orchestration ended; undefined while it has not. */
export function orchestrationEnd(fold: OrchestrationFold): OrchestrationEnd | undefined {
  const { name, startedAt, endedAt, succeeded, nodes, writes } = fold
  if (endedAt === null) return undefined
  return { name, startedAt, endedAt, succeeded, agents: nodes.map(inWords), context: writes }
}

/** The state of a node with its failure in words. */
export function inWords({ failure, ...state }: FoldedNode): NodeState {
  return failure === null ? state : { ...state, message: onOneLine(describeFailure(failure).headline) }
}
