import type { Role } from '#domain/agents/role.ts'
import { type KeyType, type KnownKeys, typeOfKey } from '../context/key-types.ts'
import { isList } from '../context/orch-context.ts'
import { graphOfGroups } from '../definition/group-graph.ts'
import type { Job } from '../definition/job.ts'
import { graphOfNodes } from '../definition/node-graph.ts'
import type { Orchestration } from '../definition/orchestration.ts'
import { type GraphNode, ownKey } from '../definition/orchestration-graph.ts'

/** What the nodes of orchestrations can name. */
export interface World {
  readonly role: (name: string) => Role | undefined
  readonly roles: readonly string[]
  /** Whether nobody knows yet what the agent reads and writes. */
  readonly isVague: (agent: string) => boolean
  readonly jobs: Readonly<Record<string, Job>>
  /** Also of those that cannot be read. */
  readonly jobNames: readonly string[]
  readonly tasks: readonly string[]
  readonly orchestrations: Readonly<Record<string, Orchestration>>
  readonly orchestrationNames: readonly string[]
}

/** The orchestration of that name, and only where it is one's own. */
export function orchestrationIn({ orchestrations }: World, name: string): Orchestration | undefined {
  return Object.hasOwn(orchestrations, name) ? orchestrations[name] : undefined
}

/** Whether what a graph's nodes write is known. */
export function isVagueGraph(nodes: readonly GraphNode[], world: World, outer: readonly string[] = []): boolean {
  return nodes.some((node) => {
    if (node.kind === 'agent') return world.isVague(node.with.agent)
    if (node.kind !== 'orchestration' || outer.includes(node.with.orchestration)) return false
    const name = node.with.orchestration
    const inner = orchestrationIn(world, name)
    // What is there and cannot be read may write anything.
    if (inner === undefined) return world.orchestrationNames.includes(name)
    return isVagueGraph(nodesOf(inner, world), world, [...outer, name])
  })
}

/** The graph that an orchestration is, whatever form it has. */
export function nodesOf({ agents = [], steps = [], nodes }: Orchestration, { role }: World): readonly GraphNode[] {
  if (nodes !== undefined) return graphOfNodes(nodes)
  return graphOfGroups(steps.length > 0 ? steps : agents.map((agent) => [agent]), role).nodes
}

/** What a node may write, with the types of the values. What plays within `outer` already writes nothing new. */
export function keysOfNode(node: GraphNode, world: World, outer: readonly string[] = []): KnownKeys {
  const keys = new Map<string, KeyType>()
  for (const [key, type] of ownKeys(node, world, outer)) {
    const isMany = node.foreach !== undefined && !isList(key)
    keys.set(key, isMany ? 'list' : type)
  }
  return keys
}

function ownKeys(node: GraphNode, world: World, outer: readonly string[]): Iterable<readonly [string, KeyType]> {
  switch (node.kind) {
    case 'agent':
      return (world.role(node.with.agent)?.writes ?? []).map((key) => [key, typeOfKey(key)] as const)
    case 'human':
      return [[node.with.key ?? ownKey(node.id, 'answer'), 'string']]
    case 'orchestration':
      return keysBelow(node.id, node.with.orchestration, { world, outer })
    default:
      return []
  }
}

function keysBelow(
  id: string,
  name: string,
  { world, outer }: { readonly world: World; readonly outer: readonly string[] },
): readonly (readonly [string, KeyType])[] {
  const inner = outer.includes(name) ? undefined : orchestrationIn(world, name)
  if (inner === undefined) return []
  return nodesOf(inner, world).flatMap((node) =>
    [...keysOfNode(node, world, [...outer, name])].map(([key, type]) => [ownKey(id, key), type] as const),
  )
}
