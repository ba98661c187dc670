import { parseDuration } from '#base/duration.ts'
import type { Json } from '#base/json.ts'
import type { GraphNode } from './orchestration-graph.ts'
import type { OrchestrationNode } from './orchestration-node.ts'

/** The graph that configured nodes are: each after all that it needs, otherwise as they stand in the file. */
export function graphOfNodes(nodes: readonly OrchestrationNode[]): readonly GraphNode[] {
  const graph = nodes.map(graphNode)
  return inOrder(graph, effectiveNeeds(graph))
}

function graphNode(node: OrchestrationNode): GraphNode {
  const { id, kind = 'agent', needs = [], when, retry, timeout, foreach, until, on_failure } = node
  const limit = timeout === undefined ? undefined : parseDuration(timeout)
  // Which keys `with` takes for a kind was checked before a graph is made.
  return {
    id,
    kind,
    needs: [...new Set(needs)],
    with: workOf(node),
    ...(when !== undefined && { when }),
    ...(foreach !== undefined && { foreach }),
    ...(until !== undefined && { until }),
    ...(retry !== undefined && { retry }),
    ...(limit?.ok === true && { timeout_ms: limit.value }),
    ...(on_failure !== undefined && { on_failure }),
  } as GraphNode
}

function workOf({ with: work = {} }: OrchestrationNode): { readonly [key: string]: Json | undefined } {
  const { params, ...rest } = work
  if (params === undefined) return rest
  return { ...rest, params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])) }
}

/**
 * What each node waits for: its needs; where one of them has a node that takes its place on failure, that one, too; and
 * such a node waits for all whose place it may take.
 */
export function effectiveNeeds(nodes: readonly GraphNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ids = new Set(nodes.map(({ id }) => id))
  const substitutes = new Map(nodes.flatMap((node) => substituteOf(node).map((id) => [node.id, id] as const)))
  const waits = new Map(nodes.map(({ id, needs }) => [id, new Set(needs.filter((need) => ids.has(need)))]))
  for (const { id, needs } of nodes) {
    for (const need of needs) {
      const substitute = substitutes.get(need)
      if (substitute !== undefined && substitute !== id && ids.has(substitute)) waits.get(id)?.add(substitute)
    }
  }
  for (const [failing, substitute] of substitutes) if (failing !== substitute) waits.get(substitute)?.add(failing)
  return waits
}

/** The node that takes its place on failure; none where there is none. */
export function substituteOf({ on_failure: then }: Pick<GraphNode, 'on_failure'>): readonly string[] {
  return then === undefined || then === 'stop' || then === 'continue' ? [] : [then]
}

/** Each after all that it waits for, otherwise as they stand; what waits in a circle comes last. */
function inOrder(nodes: readonly GraphNode[], waits: ReadonlyMap<string, ReadonlySet<string>>): readonly GraphNode[] {
  const ordered: GraphNode[] = []
  const done = new Set<string>()
  let left = nodes
  while (left.length > 0) {
    const next = left.find(({ id }) => [...(waits.get(id) ?? [])].every((need) => done.has(need))) ?? left[0]
    if (next === undefined) break
    ordered.push(next)
    done.add(next.id)
    left = left.filter((node) => node !== next)
  }
  return ordered
}

/** All that a node comes after. */
export function ancestorsOf(id: string, waits: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const need of waits.get(next) ?? []) {
      if (found.has(need)) continue
      found.add(need)
      open.push(need)
    }
  }
  return found
}
