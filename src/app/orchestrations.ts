import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { builtInRole, DEFAULT_ROLES, type Role } from '#domain/agents/role.ts'
import { BUILT_IN_AGENTS } from '#domain/definition/agent.ts'
import { ownRole } from '#domain/definition/agent-role.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Orchestration } from '#domain/definition/orchestration.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { GraphFault } from '#domain/graph-check/graph-fault.ts'
import { orchestrationFaults } from '#domain/graph-check/orchestration-faults.ts'
import { nodesOf, type World } from '#domain/graph-check/world.ts'

import { type ToolSettings, toolSettings } from './plan-tools.ts'

/** What runs where no orchestration is named. */
export const DEFAULT_ORCHESTRATION = 'default'

const BUILT_IN: Orchestration = {
  description: 'Plan, build, review and document',
  agents: [...DEFAULT_ROLES],
}

/** An orchestration with its graph, as `explain` shows it and a run takes it. */
export interface ShownOrchestration {
  readonly name: string
  readonly description?: string
  readonly isBuiltIn: boolean
  readonly tasks: readonly string[]
  readonly tools: ToolSettings
  readonly nodes: readonly GraphNode[]
}

/** The orchestrations of the configuration by name, and the one that is built in unless the configuration has its own. */
export function orchestrationNames(config: Config): readonly string[] {
  return [...new Set([...Object.keys(config.orchestrations ?? {}), DEFAULT_ORCHESTRATION])].sort()
}

export function describedOrchestration(config: Config, name: string): Orchestration | undefined {
  const own = config.orchestrations ?? {}
  if (Object.hasOwn(own, name)) return own[name]
  return name === DEFAULT_ORCHESTRATION ? BUILT_IN : undefined
}

/** The orchestration of that name. Fails with everything that is wrong with its graph. */
export function findOrchestration(config: Config, name: string): Result<ShownOrchestration, Failure> {
  const definition = describedOrchestration(config, name)
  if (definition === undefined) return err(unknownOrchestration(config, name))
  const faults = orchestrationFaults(name, definition, worldOf(config))
  if (faults.length > 0)
    return err({ code: 'orchestration_invalid', orchestration: name, faults: faults.map(faultData) })
  const nodes = nodesOf(definition, worldOf(config))
  const { description, tasks = [] } = definition
  const tools = toolSettings(definition)
  const isBuiltIn = !Object.hasOwn(config.orchestrations ?? {}, name)
  return ok({ name, isBuiltIn, tasks, tools, nodes, ...(description !== undefined && { description }) })
}

/** All that orchestrations of the configuration can name. */
function worldOf(config: Config): World {
  const { agents = {}, jobs = {}, tasks = {}, orchestrations = {} } = config
  return {
    role: (name) => roleOf(config, name),
    roles: [...BUILT_IN_AGENTS, ...Object.keys(agents)],
    // Agents that have files of their own were completed by them before.
    isVague: () => false,
    jobs,
    jobNames: Object.keys(jobs),
    tasks: Object.keys(tasks),
    orchestrations: { [DEFAULT_ORCHESTRATION]: BUILT_IN, ...orchestrations },
    orchestrationNames: orchestrationNames(config),
  }
}

function faultData({
  kind,
  path,
  found,
  expected,
  meant,
}: GraphFault): FailureOf<'orchestration_invalid'>['faults'][number] {
  const suggestion = meant && nearest(meant.word.slice(0, 100), meant.candidates)
  return {
    kind,
    key: path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .slice(1),
    ...(found !== undefined && { found }),
    ...(expected !== undefined && { expected }),
    ...(suggestion !== undefined && { nearest: suggestion }),
  }
}

/** A role of one's own counts before a built-in one of that name. */
export function roleOf({ agents = {} }: Config, name: string): Role | undefined {
  const own = Object.hasOwn(agents, name) ? agents[name] : undefined
  return own === undefined ? builtInRole(name) : ownRole(name, own)
}

function unknownOrchestration(config: Config, name: string): Failure {
  const known = orchestrationNames(config)
  const suggestion = nearest(name, known)
  return {
    code: 'unknown_orchestration',
    orchestration: name,
    known: [...known],
    ...(suggestion !== undefined && { nearest: suggestion }),
  }
}
