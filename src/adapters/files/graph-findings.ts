import { builtInRole } from '#domain/agents/role.ts'
import { Agent, BUILT_IN_AGENTS } from '#domain/definition/agent.ts'
import { ownRole } from '#domain/definition/agent-role.ts'
import { Job } from '#domain/definition/job.ts'
import { Orchestration } from '#domain/definition/orchestration.ts'
import { OrchestrationNode } from '#domain/definition/orchestration-node.ts'
import type { GraphFault } from '#domain/graph-check/graph-fault.ts'
import { nodeFaults } from '#domain/graph-check/graph-faults.ts'
import { orchestrationFaults } from '#domain/graph-check/orchestration-faults.ts'
import type { World } from '#domain/graph-check/world.ts'
import { type Finding, isTable, keyText, type Table, valueAt } from './config-finding.ts'

/** What is wrong with the graphs of orchestrations, beyond what is known already. Loaded only where it is asked for. */
export function graphFindings(value: unknown, known: readonly Finding[]): readonly Finding[] {
  const world = worldOf(value)
  const told = new Set(known.map(({ path }) => keyText(path)))
  return Object.entries(tableAt(value, 'orchestrations'))
    .flatMap(([name, written]) => faultsOf(name, written, world).map((fault) => ({ name, fault })))
    .map(({ name, fault }): Finding => ({ ...fault, path: ['orchestrations', name, ...fault.path] }))
    .filter(({ path }) => !told.has(keyText(path)))
}

/** Of one that cannot be read as a whole, what is wrong with those of its nodes that can. */
function faultsOf(name: string, written: unknown, world: World): readonly GraphFault[] {
  const definition = Object.hasOwn(world.orchestrations, name) ? world.orchestrations[name] : undefined
  if (definition !== undefined) return orchestrationFaults(name, definition, world)
  const nodes = valueAt(written, ['nodes'])
  if (!Array.isArray(nodes)) return []
  const ids = nodes.flatMap((node: unknown) => {
    const id = valueAt(node, ['id'])
    return typeof id === 'string' ? [id] : []
  })
  return nodes.flatMap((node: unknown, index) => {
    const parsed = OrchestrationNode.safeParse(node)
    return parsed.success ? nodeFaults(parsed.data, index, { world, ids }) : []
  })
}

/** All that can be read of the file. What cannot is a finding by itself, and its name is there nevertheless. */
function worldOf(value: unknown): World {
  const [jobs, tasks] = [tableAt(value, 'jobs'), tableAt(value, 'tasks')]
  const [agents, orchestrations] = [tableAt(value, 'agents'), tableAt(value, 'orchestrations')]
  return {
    role: (name) => {
      if (!Object.hasOwn(agents, name)) return builtInRole(name)
      const parsed = Agent.safeParse(agents[name])
      return ownRole(name, parsed.success ? parsed.data : {})
    },
    isVague: (name) => isVague(agents, name),
    roles: [...BUILT_IN_AGENTS, ...Object.keys(agents)],
    jobs: parsedIn(jobs, (job) => Job.safeParse(job).data),
    jobNames: Object.keys(jobs),
    tasks: Object.keys(tasks),
    orchestrations: parsedIn(orchestrations, (each) => Orchestration.safeParse(each).data),
    orchestrationNames: Object.keys(orchestrations),
  }
}

/** Whether what the agent reads and writes stands elsewhere, or cannot be read. */
function isVague(agents: Table, name: string): boolean {
  if (!Object.hasOwn(agents, name)) return false
  const parsed = Agent.safeParse(agents[name])
  return !parsed.success || parsed.data.file !== undefined
}

function parsedIn<Value>(table: Table, parse: (value: unknown) => Value | undefined): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, value]) => {
      const parsed = parse(value)
      return parsed === undefined ? [] : [[name, parsed]]
    }),
  )
}

function tableAt(value: unknown, key: string): Table {
  const table = valueAt(value, [key])
  return isTable(table) ? table : {}
}
