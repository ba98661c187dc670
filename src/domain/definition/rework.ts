import { ancestorsOf, effectiveNeeds } from './node-graph.ts'
import type { AgentNode, GraphNode } from './orchestration-graph.ts'

/** How often work is sent back where nothing else is said. */
const USUAL_ROUNDS = 3

/** What an agent's node does with the work of others. */
export interface Part {
  /** It says whether work is accepted. */
  readonly judges: boolean
  /** It makes what is judged, and another time it may make it differently. */
  readonly mends: boolean
}

/**
 * The graph with what its judges send back: each the nearest earlier nodes that can mend their work. Those are the ones
 * with no other such node on the way to the judge. Where there is none, a rejection is a failure at once.
 */
export function withRework(nodes: readonly GraphNode[], partOf: (node: AgentNode) => Part): readonly GraphNode[] {
  const waits = effectiveNeeds(nodes)
  const menders = nodes.flatMap((node) => (node.kind === 'agent' && partOf(node).mends ? [node.id] : []))
  return nodes.map((node): GraphNode => {
    if (node.kind !== 'agent' || !partOf(node).judges) return node
    const before = ancestorsOf(node.id, waits)
    const earlier = menders.filter((id) => before.has(id))
    const nearest = earlier.filter((id) => !earlier.some((other) => ancestorsOf(other, waits).has(id)))
    const { rounds = USUAL_ROUNDS } = node.with as { readonly rounds?: number }
    return nearest.length === 0 || rounds === 0 ? node : { ...node, rework: { nodes: nearest, rounds } }
  })
}
