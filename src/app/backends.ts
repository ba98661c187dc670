import { REPLY_BACKENDS } from '#domain/agents/backend.ts'
import { DEFAULT_ROLES } from '#domain/agents/role.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { PlannedAgent } from '#workflows/agents/planned-agent.ts'

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

/** The first backend that is not there: found before anything runs, since nothing takes its place. */
export function missingBackend(workers: readonly Worker[], hasScript: boolean): Failure | undefined {
  const missing = workers.find((worker) => !isThere(worker))
  if (missing !== undefined) {
    const { agent, backend } = missing
    const model = backend === 'model' ? agent.model?.model : undefined
    return { code: 'backend_missing', agent: agent.name, backend, ...(model !== undefined && { model }) }
  }
  const scripted = hasScript ? [] : workers.filter(({ backend }) => backend === 'scripted')
  return scripted.length === 0 ? undefined : { code: 'script_missing', agents: scripted.map(({ node }) => node) }
}

function isThere({ agent: { name, built_in, command }, backend }: Worker): boolean {
  if (backend === 'command') return built_in ? DEFAULT_ROLES.includes(name) : command !== undefined
  return backend === 'human' || REPLY_BACKENDS.includes(backend)
}

/** Whether it may plan what nobody has chosen beforehand. */
export function plansFreely({ agent, backend }: Worker): boolean {
  return agent.role.output === 'plan' && backend !== 'command'
}

/**
 * Whether something must be chosen before the run: deterministic agents of ours do what is configured, and nothing
 * else; only a planner of another kind can give them something to do.
 */
export function needChoice(workers: readonly Worker[]): boolean {
  if (workers.some(plansFreely)) return false
  return workers.some(({ agent, backend }) => agent.built_in && backend === 'command')
}

/**
 * Whether it makes what reviewers judge, and may make it differently another time: our deterministic builder does not,
 * and a command does only where it reads what was found.
 */
export function canMend({ agent: { built_in: isBuiltIn, role }, backend }: Worker): boolean {
  if (!role.writes.includes('build.outputs')) return false
  return backend !== 'command' || (!isBuiltIn && [...role.reads, ...role.feedback].includes('review.findings'))
}
