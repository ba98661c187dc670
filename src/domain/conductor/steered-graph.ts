import { type GraphNode, type NamedGraph, workerOf } from '../definition/orchestration-graph.ts'

/** What of a run can be steered, by the names that people use. */
export interface SteeredGraph {
  readonly nodes: readonly SteeredNode[]
  /** Whether there may be others, of which nothing is known here: every name is taken for one of a step. */
  readonly isOpen?: boolean
}

export interface SteeredNode {
  readonly id: string
  /** Undefined where no agent takes it. */
  readonly role?: string
  readonly needs: readonly string[]
  /** Whether it may send the work before it back. */
  readonly sendsBack?: boolean
}

/** The steps of the graph, and of those that are played within it as `outer/inner`. */
export function steeredGraph(nodes: readonly GraphNode[], graphs: readonly NamedGraph[] = []): SteeredGraph {
  return { nodes: nodes.flatMap((node) => steeredNodes(node, { path: '', needs: [], graphs })) }
}

interface Within {
  readonly path: string
  /** What the graph as a whole comes after. */
  readonly needs: readonly string[]
  readonly graphs: readonly NamedGraph[]
}

function steeredNodes(node: GraphNode, { path, needs: outer, graphs }: Within): readonly SteeredNode[] {
  const id = `${path}${node.id}`
  const needs = [...outer, ...node.needs.map((need) => `${path}${need}`)]
  const role = node.kind === 'agent' ? { role: workerOf(node) } : {}
  const own = { id, needs, ...role, ...(node.rework !== undefined && { sendsBack: true }) }
  const inner = node.kind === 'orchestration' ? graphs.find(({ name }) => name === node.with.orchestration) : undefined
  // A graph that holds itself is found before the run; whatever it is, this must come to an end.
  const within = { path: `${id}/`, needs, graphs: graphs.filter((each) => each !== inner) }
  return [own, ...(inner?.nodes ?? []).flatMap((each) => steeredNodes(each, within))]
}

/** The node of that id, in the graph or in one that is played within it. */
export function nodeOfId(
  id: string,
  nodes: readonly GraphNode[],
  graphs: readonly NamedGraph[] = [],
): GraphNode | undefined {
  const [first = '', ...rest] = steeredId(id).split('/')
  const node = nodes.find((each) => each.id === first)
  if (rest.length === 0 || node?.kind !== 'orchestration') return rest.length === 0 ? node : undefined
  const inner = graphs.find(({ name }) => name === node.with.orchestration)
  return inner === undefined ? undefined : nodeOfId(rest.join('/'), inner.nodes, graphs)
}

/** The id as it is steered: items of a list are steered together. */
export function steeredId(id: string): string {
  return id.replaceAll(/\[\d+\]/g, '')
}

/** The roles of the graph, each once. */
export function rolesOf({ nodes }: SteeredGraph): readonly string[] {
  return [...new Set(nodes.flatMap(({ role }) => role ?? []))]
}

/** The role of that name among these, in full or without `Agent`, in any case of letters. */
export function roleNamed(name: string, roles: readonly string[]): string | undefined {
  const short = (text: string) => text.toLowerCase().replace(/agent$/, '')
  return roles.find((role) => role === name) ?? roles.find((role) => short(role) === short(name))
}

/** Whether the step must have ended before that other one. */
export function leadsTo(id: string, node: SteeredNode, nodes: readonly SteeredNode[]): boolean {
  const seen = new Set(node.needs)
  for (const need of seen) for (const each of nodes.find((other) => other.id === need)?.needs ?? []) seen.add(each)
  return seen.has(id)
}
