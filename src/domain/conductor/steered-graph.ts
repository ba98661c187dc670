import { type GraphNode, workerOf } from '../definition/orchestration-graph.ts'

/** What of a run can be steered, by the names that people use. */
export interface SteeredGraph {
  readonly nodes: readonly SteeredNode[]
}

export interface SteeredNode {
  readonly id: string
  /** Undefined where no agent takes it. */
  readonly role?: string
  readonly needs: readonly string[]
  /** Whether it may send the work before it back. */
  readonly sendsBack?: boolean
}

export function steeredGraph(nodes: readonly GraphNode[]): SteeredGraph {
  return {
    nodes: nodes.map((node) => ({
      id: node.id,
      needs: node.needs,
      ...(node.kind === 'agent' && { role: workerOf(node) }),
      ...(node.rework !== undefined && { sendsBack: true }),
    })),
  }
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
