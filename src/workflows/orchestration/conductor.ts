import type { ToolCall } from '#domain/agents/message.ts'
import type { Adjustments } from '#domain/conductor/adjustments.ts'
import type { OrchContext } from '#domain/context/orch-context.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { NodeEnd } from './node-end.ts'

/** Governs a run between its steps: asked before each round of a node begins and after it has ended. */
export interface Conductor {
  before(node: GraphNode, view: NodeView): Promise<Before>
  after(node: GraphNode, end: NodeEnd): Promise<'go' | 'repeat'>
  /** Steps of the run's own graph that have ended and are to be done again, with all that came after them. */
  readonly again: readonly string[]
  /** The same; they are about to begin again. */
  takeAgain(): readonly string[]
  /** Calls whenever there are further ones. */
  onAgain(call: () => void): void
  /** Calls with why, once nothing further is to begin: then nothing is waited for, either. */
  onStop(call: (reason: string) => void): void
  /** What the node is given: the context of the steps before it, with what was put into it from outside. */
  edited(node: GraphNode, context: OrchContext): OrchContext
  /** Why its agent's call of a tool is not to be made; undefined where it may. */
  approveTool(node: GraphNode, call: ToolCall): Promise<string | undefined>
}

/** What the conductor sees of a node that is about to begin. */
export interface NodeView {
  readonly context: OrchContext
  readonly round: number
  /** Whether it has not begun since it was its time: then it may be put back. */
  readonly isFirst: boolean
}

export type Before =
  | { readonly kind: 'go'; readonly adjustments: Adjustments }
  /** The node is not done; what needs it goes on. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** What it builds on is done again first. */
  | { readonly kind: 'back' }
  /** Nothing further begins. */
  | { readonly kind: 'stop'; readonly reason: string }
