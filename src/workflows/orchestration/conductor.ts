import type { Adjustments } from '#domain/conductor/adjustments.ts'
import type { OrchContext } from '#domain/context/orch-context.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { NodeEnd } from './node-end.ts'

/** Governs a run between its steps: asked before each round of a node begins and after it has ended. */
export interface Conductor {
  before(node: GraphNode, view: NodeView): Promise<Before>
  after(node: GraphNode, end: NodeEnd): Promise<'go' | 'repeat'>
}

/** What the conductor sees of a node that is about to begin. */
export interface NodeView {
  readonly context: OrchContext
  readonly round: number
}

export type Before =
  | { readonly kind: 'go'; readonly adjustments: Adjustments }
  /** The node is not done; what needs it goes on. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** Nothing further begins. */
  | { readonly kind: 'stop'; readonly reason: string }
