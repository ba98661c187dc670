import { ancestorsOf, effectiveNeeds, substituteOf } from '#domain/definition/node-graph.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'

/** What follows from the shape of a graph, for whoever plays it. */
export class Course {
  /** What each node waits for: its needs, and what may take their place. */
  readonly waits: ReadonlyMap<string, ReadonlySet<string>>
  readonly #ancestors: ReadonlyMap<string, ReadonlySet<string>>
  /** By its judge: what it may send back, all between, and itself. */
  readonly #regions: ReadonlyMap<string, ReadonlySet<string>>
  readonly #holders = new Map<string, readonly string[]>()
  /** By each node that takes the place of others on failure: those others. */
  readonly #replaced = new Map<string, string[]>()

  constructor(nodes: readonly GraphNode[]) {
    this.waits = effectiveNeeds(nodes)
    this.#ancestors = new Map(nodes.map(({ id }) => [id, ancestorsOf(id, this.waits)]))
    this.#regions = new Map(nodes.flatMap((node) => this.#region(node, nodes)))
    for (const { id } of nodes) this.#holders.set(id, this.#judgesBefore(id))
    for (const node of nodes) {
      for (const substitute of substituteOf(node)) {
        this.#replaced.set(substitute, [...(this.#replaced.get(substitute) ?? []), node.id])
      }
    }
  }

  isAfter(later: string, earlier: string): boolean {
    return this.#ancestors.get(later)?.has(earlier) === true
  }

  /** The judges whose word is awaited before the node begins: they may still send back what it builds on. */
  holders(id: string): readonly string[] {
    return this.#holders.get(id) ?? []
  }

  /** Those whose place the node takes where they fail; undefined for a node like any other. */
  replaced(id: string): readonly string[] | undefined {
    return this.#replaced.get(id)
  }

  /** What is done again where work of these nodes is: they, and all after them that judges have a say in. */
  redone(targets: readonly string[]): readonly string[] {
    const judged = new Set([...this.#regions.values()].flatMap((region) => [...region]))
    return [...judged].filter((id) => targets.some((target) => id === target || this.isAfter(id, target)))
  }

  /** Whether one judge has a say in both. */
  areJudgedTogether(one: string, other: string): boolean {
    return [...this.#regions.values()].some((region) => region.has(one) && region.has(other))
  }

  #region({ id, rework }: GraphNode, nodes: readonly GraphNode[]): readonly (readonly [string, ReadonlySet<string>])[] {
    if (rework === undefined) return []
    const isBetween = (node: string) =>
      this.isAfter(id, node) && rework.nodes.some((target) => node === target || this.isAfter(node, target))
    return [[id, new Set([id, ...nodes.flatMap((node) => (isBetween(node.id) ? [node.id] : []))])]]
  }

  #judgesBefore(id: string): readonly string[] {
    const before = [...(this.#ancestors.get(id) ?? [])]
    return [...this.#regions].flatMap(([judge, region]) => {
      if (region.has(id)) return []
      return before.some((each) => region.has(each) && !this.areJudgedTogether(id, each)) ? [judge] : []
    })
  }
}
