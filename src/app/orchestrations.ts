import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { builtInRole, DEFAULT_ROLES, type Role } from '#domain/agents/role.ts'
import type { Config } from '#domain/definition/config.ts'
import { graphOfGroups } from '#domain/definition/group-graph.ts'
import { graphOfNodes } from '#domain/definition/node-graph.ts'
import type { Orchestration } from '#domain/definition/orchestration.ts'
import type { Graph, GraphFault, GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'

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
  const { nodes, faults } = graphOf(definition, config)
  if (faults.length > 0)
    return err({ code: 'orchestration_invalid', orchestration: name, faults: faults.map(faultData) })
  const { description, tasks = [] } = definition
  const tools = toolSettings(definition)
  const isBuiltIn = !Object.hasOwn(config.orchestrations ?? {}, name)
  return ok({ name, isBuiltIn, tasks, tools, nodes, ...(description !== undefined && { description }) })
}

function graphOf(definition: Orchestration, config: Config): Graph {
  const { nodes } = definition
  if (nodes !== undefined) return { nodes: graphOfNodes(nodes), faults: [] }
  return graphOfGroups(groupsOf(definition), (role) => roleOf(config, role))
}

/** The steps that it is short for: `steps` counts before `agents`. */
function groupsOf({ agents = [], steps = [] }: Orchestration): readonly (readonly string[])[] {
  return steps.length > 0 ? steps : agents.map((agent) => [agent])
}

/** A role of one's own counts before a built-in one of that name. */
export function roleOf({ agents = {} }: Config, name: string): Role | undefined {
  const own = Object.hasOwn(agents, name) ? agents[name] : undefined
  if (own === undefined) return builtInRole(name)
  const { capabilities = [], reads = [], writes = [], instructions = '', tools = [], output = 'context' } = own
  return { name, capabilities, reads, feedback: [], writes, instructions, tools, output, version: 0 }
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

function faultData(fault: GraphFault): {
  readonly kind: GraphFault['kind']
  readonly names: string[]
  readonly key?: string
} {
  switch (fault.kind) {
    case 'empty':
      return { kind: fault.kind, names: [] }
    case 'empty_group':
      return { kind: fault.kind, names: [String(fault.group + 1)] }
    case 'unknown_role':
      return { kind: fault.kind, names: [fault.role] }
    case 'two_writers':
      return { kind: fault.kind, names: [...fault.nodes], key: fault.key }
    case 'circle':
      return { kind: fault.kind, names: [...fault.nodes] }
  }
}
