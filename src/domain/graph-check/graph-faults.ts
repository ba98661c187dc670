import { type KeyType, type KnownKeys, START_KEYS, typeOfKey } from '../context/key-types.ts'
import { isList } from '../context/orch-context.ts'
import { needFaults } from '../definition/graph.ts'
import { ancestorsOf, effectiveNeeds, graphOfNodes } from '../definition/node-graph.ts'
import type { GraphNode } from '../definition/orchestration-graph.ts'
import type { OrchestrationNode } from '../definition/orchestration-node.ts'
import { expressionFaults } from './expression-faults.ts'
import type { GraphFault, Path } from './graph-fault.ts'
import { worded } from './graph-fault.ts'
import { shapeFaults } from './node-shape.ts'
import { referenceFaults } from './reference-faults.ts'
import { isVagueGraph, keysOfNode, type World } from './world.ts'

/** Everything that is wrong with configured nodes. What is wrong by itself is not looked at in its graph. */
export function nodesFaults(nodes: readonly OrchestrationNode[], world: World): readonly GraphFault[] {
  const ids = nodes.map(({ id }) => id)
  const single = nodes.flatMap((node, index) => {
    return [...duplicateFault(ids, index), ...nodeFaults(node, index, { world, ids })]
  })
  if (single.some(({ kind }) => kind === 'duplicate')) return single
  const graph = new CheckedGraph(nodes, world)
  return [...single, ...graph.circles(), ...graph.writers(), ...graph.expressions()]
}

/** What is wrong with a node by itself, and with what it names. */
export function nodeFaults(
  node: OrchestrationNode,
  index: number,
  names: { readonly world: World; readonly ids: readonly string[] },
): readonly GraphFault[] {
  const path = ['nodes', index]
  return [...shapeFaults(node, path), ...referenceFaults(node, path, names)]
}

function duplicateFault(ids: readonly string[], index: number): readonly GraphFault[] {
  const id = ids[index] ?? ''
  return ids.indexOf(id) === index
    ? []
    : [{ kind: 'duplicate', path: ['nodes', index, 'id'], at: 'value', found: worded(id) }]
}

/** The graph as far as it can be made of what is there. */
class CheckedGraph {
  readonly #nodes: readonly OrchestrationNode[]
  readonly #graph: readonly GraphNode[]
  readonly #waits: ReadonlyMap<string, ReadonlySet<string>>
  readonly #written: ReadonlyMap<string, KnownKeys>
  readonly #isVague: boolean
  readonly #ancestors = new Map<string, ReadonlySet<string>>()

  constructor(nodes: readonly OrchestrationNode[], world: World) {
    this.#nodes = nodes
    this.#graph = graphOfNodes(nodes)
    this.#waits = effectiveNeeds(this.#graph)
    const whole = this.#graph.filter((node) => Object.keys(node.with).length > 0)
    this.#isVague = isVagueGraph(whole, world)
    this.#written = new Map(whole.map((node) => [node.id, keysOfNode(node, world)]))
  }

  /** Nodes that wait for one another, by their needs or by what takes their place. */
  circles(): readonly GraphFault[] {
    const needs = new Map([...this.#waits].map(([id, waits]) => [id, [...waits]]))
    return needFaults(needs).flatMap((fault): readonly GraphFault[] => {
      if (fault.kind !== 'cycle') return []
      const [id, need] = fault.cycle
      return [{ kind: 'cycle', ...this.#edge(id, need), at: 'value', found: fault.cycle.join(', ') }]
    })
  }

  /** Where the one says that it comes after the other. */
  #edge(id: string, need: string): { readonly path: Path } {
    const index = this.#nodes.findIndex((node) => node.id === id)
    const place = this.#nodes[index]?.needs?.indexOf(need) ?? -1
    if (place >= 0) return { path: ['nodes', index, 'needs', place] }
    const failing = this.#nodes.findIndex((node) => node.on_failure === id || node.on_failure === need)
    return { path: failing < 0 ? ['nodes', index, 'id'] : ['nodes', failing, 'on_failure'] }
  }

  /** Values that would be lost, since two nodes side by side write them, or one for several items. */
  writers(): readonly GraphFault[] {
    return this.#nodes.flatMap((node, index): readonly GraphFault[] => {
      const path = ['nodes', index, 'id']
      const own = [...(this.#written.get(node.id)?.keys() ?? [])].filter((key) => !isList(key))
      const single = node.foreach === undefined ? undefined : own.find((key) => typeOfKey(key) !== 'dyn')
      const itself: readonly GraphFault[] =
        single === undefined
          ? []
          : [
              {
                kind: 'two_writers',
                path: ['nodes', index, 'foreach'],
                at: 'value',
                found: 'its items',
                expected: single,
              },
            ]
      const others = this.#nodes.slice(0, index).flatMap((other): readonly GraphFault[] => {
        const key = own.find((each) => this.#written.get(other.id)?.has(each) === true)
        if (key === undefined || this.#areInOrder(node.id, other.id)) return []
        return [{ kind: 'two_writers', path, at: 'value', found: `${other.id} and ${node.id}`, expected: key }]
      })
      return [...itself, ...others]
    })
  }

  /** All that a node comes after. */
  #before(id: string): ReadonlySet<string> {
    const known = this.#ancestors.get(id) ?? ancestorsOf(id, this.#waits)
    this.#ancestors.set(id, known)
    return known
  }

  #areInOrder(one: string, other: string): boolean {
    return this.#before(one).has(other) || this.#before(other).has(one)
  }

  /** Where nobody knows what is written, nothing can be called unknown. */
  expressions(): readonly GraphFault[] {
    if (this.#isVague) return []
    return this.#nodes.flatMap((node, index) => {
      const before = this.#keysOf(this.#before(node.id))
      const after = this.#keysOf(new Set([...this.#before(node.id), node.id]))
      return expressionFaults(node, ['nodes', index], { before, after, elsewhere: this.#elsewhere(node.id) })
    })
  }

  /** What nodes beside it write, by their keys: it could come after them. */
  #elsewhere(id: string): ReadonlyMap<string, string> {
    const beside = this.#nodes.filter((other) => other.id !== id && !this.#areInOrder(id, other.id))
    const written = beside.flatMap((other) =>
      [...(this.#written.get(other.id)?.keys() ?? [])].map((key) => [key, other.id] as const),
    )
    return new Map(written)
  }

  /** What may be there once these nodes have ended. What several write with several types may be anything. */
  #keysOf(ids: ReadonlySet<string>): KnownKeys {
    const keys = new Map<string, KeyType>(START_KEYS.map((key) => [key, typeOfKey(key)]))
    for (const id of ids) {
      for (const [key, type] of this.#written.get(id) ?? []) {
        const known = keys.get(key)
        keys.set(key, known === undefined || known === type ? type : 'dyn')
      }
    }
    return keys
  }
}
