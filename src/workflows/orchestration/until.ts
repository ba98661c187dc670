import type { OrchContext } from '#domain/context/orch-context.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import { failed, type NodeEnd } from './node-end.ts'
import type { Playing } from './playing.ts'
import { localId } from './taking.ts'

interface At {
  /** How often it was done, this time included. */
  readonly done: number
  readonly context: OrchContext
  readonly playing: Playing
}

/** Whether a node is done again until its condition holds. */
export class Until {
  readonly #node: GraphNode
  readonly #at: At
  goesOn = false

  constructor(node: GraphNode, at: At) {
    this.#node = node
    this.#at = at
  }

  /** An end that comes too late, or of which nobody can say whether it is one, is a failure. */
  judge(end: NodeEnd): NodeEnd {
    const { id, until } = this.#node
    this.goesOn = false
    if (until === undefined || end.failure !== null || end.status === 'rejected') return end
    const { done, context, playing } = this.#at
    const { condition, limit } = until
    const after = context.with([{ writer: workerOf(this.#node), step: localId(this.#node), writes: end.writes }])
    const holds = playing.expressions.holds(condition, { ...after.values, round: done })
    if (!holds.ok) return failed({ code: 'condition_failed', node: id, condition, reason: holds.error }, end.writes)
    if (holds.value) return end
    if (done >= limit) return failed({ code: 'limit_reached', node: id, condition, limit }, end.writes)
    this.goesOn = true
    return end
  }
}
