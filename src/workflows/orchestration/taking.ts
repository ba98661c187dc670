import type { OrchContext } from '#domain/context/orch-context.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Stop } from '../stop.ts'
import type { NodeEnd } from './node-end.ts'
import type { Playing } from './playing.ts'

/** What a node is taken with. */
export interface Taking {
  readonly playing: Playing
  /** What the steps before it have written. */
  readonly context: OrchContext
  /** That nothing more is to begin in its graph. */
  readonly stop: Stop
  /** What its end means to those before and after it. */
  readonly judge: (end: NodeEnd) => NodeEnd
}

/** The id within its own graph. */
export function localId({ id }: GraphNode): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
