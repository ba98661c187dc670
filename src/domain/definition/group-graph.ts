import type { Role } from '#domain/agents/role.ts'
import { isList } from '#domain/context/orch-context.ts'
import type { AgentNode, Graph, GraphFault, GraphNode } from './orchestration-graph.ts'

/**
 * The graph that groups of roles are short for. The groups run one after the other; within a group all run together,
 * but for a role that reads what another one of its group writes: that waits for it. So a reviewer beside its builder
 * reviews what was built, and not nothing.
 */
export function graphOfGroups(groups: readonly (readonly string[])[], role: (name: string) => Role | undefined): Graph {
  const faults: GraphFault[] = groups.length === 0 ? [{ kind: 'empty' }] : []
  const nodes: GraphNode[] = []
  let before: readonly string[] = []
  for (const [index, group] of groups.entries()) {
    if (group.length === 0) faults.push({ kind: 'empty_group', group: index })
    const members = group.flatMap((name): readonly Member[] => {
      const found = role(name)
      if (found === undefined) faults.push({ kind: 'unknown_role', role: name, group: index })
      return found === undefined ? [] : [{ id: '', role: found }]
    })
    const named = withIds(members, nodes)
    const graph = withinGroup(named)
    faults.push(...graph.faults)
    const ordered = inOrder(graph.nodes).map((node) => ({ ...node, needs: [...before, ...node.needs] }))
    nodes.push(...ordered)
    if (ordered.length > 0) before = ordered.map(({ id }) => id)
  }
  return { nodes, faults }
}

interface Member {
  readonly id: string
  readonly role: Role
}

/** `planner`, and `planner-2` for the second one. */
function withIds(members: readonly Member[], known: readonly GraphNode[]): readonly Member[] {
  const taken = new Set(known.map(({ id }) => id))
  return members.map(({ role }) => {
    const plain = role.name.replace(/Agent$/, '').toLowerCase()
    let id = plain
    for (let number = 2; taken.has(id); number++) id = `${plain}-${number}`
    taken.add(id)
    return { id, role }
  })
}

function withinGroup(members: readonly Member[]): Graph {
  const nodes = members.map(
    (member): AgentNode => ({
      id: member.id,
      kind: 'agent',
      needs: members.filter((other) => waitsFor(member, other)).map(({ id }) => id),
      with: { agent: member.role.name },
    }),
  )
  const circle = circleAmong(nodes)
  const circles: readonly GraphFault[] = circle.length === 0 ? [] : [{ kind: 'circle', nodes: circle }]
  return { nodes, faults: [...circles, ...twoWriters(members, nodes)] }
}

/** Whether one reads what the other writes; two of one role do not wait for each other. */
function waitsFor(member: Member, other: Member): boolean {
  if (member.id === other.id || member.role.name === other.role.name) return false
  return member.role.reads.some((key) => other.role.writes.includes(key) && !member.role.writes.includes(key))
}

/** Each after all that it needs, otherwise as they stand; what waits in a circle is a fault and comes last. */
function inOrder(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const ordered: GraphNode[] = []
  for (let left = nodes; left.length > 0; ) {
    const done = new Set(ordered.map(({ id }) => id))
    const next = left.find(({ needs }) => needs.every((need) => done.has(need))) ?? left[0]
    if (next === undefined) break
    ordered.push(next)
    left = left.filter((node) => node !== next)
  }
  return ordered
}

/** The nodes of a group that are left once every one whose needs can be met is taken away, again and again. */
function circleAmong(nodes: readonly GraphNode[]): readonly string[] {
  let left = nodes
  for (;;) {
    const ids = new Set(left.map(({ id }) => id))
    const next = left.filter(({ needs }) => needs.some((need) => ids.has(need)))
    if (next.length === left.length) return left.map(({ id }) => id)
    left = next
  }
}

function twoWriters(members: readonly Member[], nodes: readonly GraphNode[]): readonly GraphFault[] {
  const faults: GraphFault[] = []
  for (const [index, first] of members.entries()) {
    for (const second of members.slice(index + 1)) {
      const key = first.role.writes.find((each) => second.role.writes.includes(each) && !isList(each))
      const inOrder = reaches(nodes, first.id, second.id) || reaches(nodes, second.id, first.id)
      if (key !== undefined && !inOrder) faults.push({ kind: 'two_writers', key, nodes: [first.id, second.id] })
    }
  }
  return faults
}

/** Whether a node comes after another one by the needs of the group. */
function reaches(nodes: readonly GraphNode[], from: string, to: string): boolean {
  const seen = new Set<string>()
  const open = [to]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const needs = nodes.find((node) => node.id === id)?.needs ?? []
    if (needs.includes(from)) return true
    open.push(...needs)
  }
  return false
}
