import { builtInRole } from '../agents/role.ts'
import { START_KEYS } from '../context/key-types.ts'
import { graphOfGroups } from '../definition/group-graph.ts'
import type { Orchestration } from '../definition/orchestration.ts'
import type { GraphFault as GroupFault } from '../definition/orchestration-graph.ts'
import { type GraphFault, type Path, worded } from './graph-fault.ts'
import { nodesFaults } from './graph-faults.ts'
import { unknownTask } from './reference-faults.ts'
import { isVagueGraph, keysOfNode, nodesOf, orchestrationIn, type World } from './world.ts'

/** Everything that is wrong with an orchestration, in whatever form it is written. */
export function orchestrationFaults(name: string, definition: Orchestration, world: World): readonly GraphFault[] {
  const { nodes, tasks = [] } = definition
  return [
    ...(nodes === undefined ? groupFaults(definition, world) : nodesFaults(nodes, world)),
    ...tasks.flatMap((task, index) => unknownTask(task, ['tasks', index], world)),
    ...playsItself(name, definition, world),
    ...neverWritten(definition, world),
  ]
}

/** Where a role stands in the short forms. */
interface Places {
  readonly groups: readonly (readonly string[])[]
  readonly at: (group: number, member?: number) => Path
}

function placesOf({ agents = [], steps = [] }: Orchestration): Places {
  if (steps.length === 0) return { groups: agents.map((agent) => [agent]), at: (group) => ['agents', group] }
  return { groups: steps, at: (group, member) => ['steps', group, ...(member === undefined ? [] : [member])] }
}

function groupFaults(definition: Orchestration, { role, roles }: World): readonly GraphFault[] {
  const { groups, at } = placesOf(definition)
  const key = definition.steps === undefined ? 'agents' : 'steps'
  return graphOfGroups(groups, role).faults.map((fault) => inWords(fault, { groups, at, key, roles }))
}

function inWords(
  fault: GroupFault,
  { groups, at, key, roles }: Places & { readonly key: string; readonly roles: readonly string[] },
): GraphFault {
  switch (fault.kind) {
    case 'empty':
      return {
        kind: 'missing_key',
        path: ['agents'],
        at: 'table',
        expected: 'a list of agents, or "steps" or "nodes",',
      }
    case 'empty_group':
      return {
        kind: 'bad_value',
        path: at(fault.group),
        at: 'value',
        found: 'an empty list',
        expected: 'at least one agent',
      }
    case 'unknown_role': {
      const member = groups[fault.group]?.indexOf(fault.role)
      const meant = { word: fault.role, candidates: roles }
      return {
        kind: 'bad_value',
        path: at(fault.group, member),
        at: 'value',
        found: worded(fault.role),
        expected: 'an agent that is configured',
        meant,
      }
    }
    case 'two_writers':
      return { kind: 'two_writers', path: [key], at: 'value', found: fault.nodes.join(' and '), expected: fault.key }
    case 'circle':
      return { kind: 'cycle', path: [key], at: 'value', found: fault.nodes.join(', ') }
  }
}

/** Orchestrations that are played within each other without an end. */
function playsItself(name: string, { nodes = [] }: Orchestration, world: World): readonly GraphFault[] {
  return nodes.flatMap((node, index): readonly GraphFault[] => {
    const inner = node.kind === 'orchestration' ? node.with?.orchestration : undefined
    const way = inner === undefined ? undefined : wayTo(name, inner, { world, passed: [] })
    if (way === undefined) return []
    const path = ['nodes', index, 'with', 'orchestration']
    return [{ kind: 'cycle', path, at: 'value', found: [name, ...way].join(', ') }]
  })
}

function wayTo(
  wanted: string,
  from: string,
  { world, passed }: { readonly world: World; readonly passed: readonly string[] },
): readonly string[] | undefined {
  if (from === wanted) return [wanted]
  if (passed.includes(from)) return undefined
  for (const { kind, with: work } of orchestrationIn(world, from)?.nodes ?? []) {
    const next = kind === 'orchestration' ? work?.orchestration : undefined
    const way = next === undefined ? undefined : wayTo(wanted, next, { world, passed: [...passed, from] })
    if (way !== undefined) return [from, ...way]
  }
  return undefined
}

/** What an agent of one's own says it reads, and nobody ever writes: it is mistyped, or somebody is missing. */
function neverWritten(definition: Orchestration, world: World): readonly GraphFault[] {
  const graph = nodesOf(definition, world).filter((node) => Object.keys(node.with).length > 0)
  if (isVagueGraph(graph, world)) return []
  const written = new Set<string>([...START_KEYS, ...graph.flatMap((node) => [...keysOfNode(node, world).keys()])])
  return agentPlaces(definition).flatMap(({ agent, path }): readonly GraphFault[] => {
    const role = world.role(agent)
    if (role === undefined || builtInRole(role.name) !== undefined) return []
    return role.reads.flatMap((key): readonly GraphFault[] => {
      if (written.has(key) || key === 'notes') return []
      const expected = `an agent whose values somebody writes; nobody writes ${worded(key)}, which it reads:`
      return [
        {
          kind: 'bad_value',
          path,
          at: 'value',
          found: worded(agent),
          expected,
          meant: { word: key, candidates: [...written] },
        },
      ]
    })
  })
}

function agentPlaces(definition: Orchestration): readonly { readonly agent: string; readonly path: Path }[] {
  const { nodes } = definition
  if (nodes !== undefined)
    return nodes.flatMap(({ with: work }, index) =>
      work?.agent === undefined ? [] : [{ agent: work.agent, path: ['nodes', index, 'with', 'agent'] }],
    )
  const { groups, at } = placesOf(definition)
  return groups.flatMap((group, index) => group.map((agent, member) => ({ agent, path: at(index, member) })))
}
