import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { PlannedAgent } from './planned-agent.ts'

/** An agent at one place of a graph, and what takes its turns there. */
export interface Worker {
  readonly node: string
  readonly agent: PlannedAgent
  readonly backend: string
}

export function workersOf(nodes: readonly GraphNode[], agents: readonly PlannedAgent[]): readonly Worker[] {
  return nodes.flatMap((node): readonly Worker[] => {
    if (node.kind !== 'agent') return []
    const agent = agents.find(({ name }) => name === node.with.agent)
    return agent === undefined ? [] : [{ node: node.id, agent, backend: node.with.backend ?? agent.backend }]
  })
}

/** Whether it may plan what nobody has chosen beforehand. */
export function plansFreely({ agent, backend }: Worker): boolean {
  return agent.role.output === 'plan' && backend !== 'command'
}

/**
 * Whether something must be chosen before they begin: deterministic agents of ours do what is configured, and nothing
 * else; only a planner of another kind can give them something to do.
 */
export function needChoice(workers: readonly Worker[]): boolean {
  if (workers.some(plansFreely)) return false
  return workers.some(({ agent, backend }) => agent.built_in && backend === 'command')
}
