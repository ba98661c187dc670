import type { GraphNode, NamedGraph } from '#domain/definition/orchestration-graph.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'

/** Which round of which node; all null for what concerns the whole run, or of which nobody can say whose it is. */
export interface Place {
  readonly node: string | null
  readonly round: number | null
  readonly item: number | null
}

export const NOWHERE: Place = { node: null, round: null, item: null }

type Working = Place & { readonly node: string; readonly round: number; readonly since: number }

/** What steps of nodes are called: `builder:reply`, `each[2]:reply`, `each[0]/scout`. */
const NAMED = /^((?:[^:[/]+(?:\[\d+\])?\/)*[^:[/]+)(?:\[(\d+)\])?(?::|$)/

/** The nodes at work, by what has begun and ended so far: they tell whose a step is. */
export class Workers {
  /** Which job a node runs. */
  readonly #jobs: ReadonlyMap<string, string>
  #working: readonly Working[] = []

  constructor(queued: RunEvent | undefined) {
    this.#jobs = new Map(nodesOf(queued).flatMap((node) => (node.kind === 'job' ? [[node.id, node.with.job]] : [])))
  }

  begin({ at, body: { node, round, item } }: EventOf<'node.started'>): void {
    this.#working = [...this.#working, { node, round, item, since: at }]
  }

  /** Gives when it began; undefined for a node that never did. */
  finish({ body: { node, round, item } }: EventOf<'node.ended'>): number | undefined {
    const isIt = (each: Working) => each.node === node && each.round === round && each.item === item
    const begun = this.#working.find(isIt)
    if (begun !== undefined) this.#working = this.#working.filter((each) => each !== begun)
    return begun?.since
  }

  /** A node that is not at work has no round, and one that works for several items at once no item. */
  placeOf(node: string | null): Place {
    const [first, ...others] = this.#working.filter((each) => each.node === node)
    if (first === undefined) return { ...NOWHERE, node }
    const { round, item } = first
    return { node, round, item: others.length === 0 ? item : null }
  }

  /** Steps are named after their node and its item; those of jobs after the job, and are of whose job it is. */
  ofStep(step: string): Place {
    const [, node = '', index] = NAMED.exec(step) ?? []
    const item = index === undefined ? null : Number(index)
    const exact = this.#working.find((each) => each.node === node && each.item === item)
    if (exact !== undefined) return placeOf(exact)
    if (this.#working.some((each) => each.node === node)) return this.placeOf(node)
    const ofJob = this.#working.filter((each) => this.#jobs.get(localId(each.node)) === step)
    const [only, ...others] = ofJob.length > 0 ? ofJob : this.#working
    return only !== undefined && others.length === 0 ? placeOf(only) : NOWHERE
  }
}

/** Those of orchestrations that are played within it, too. */
function nodesOf(queued: RunEvent | undefined): readonly GraphNode[] {
  if (queued?.type !== 'run.queued') return []
  // Only runs of orchestrations have nodes.
  const { nodes = [], graphs = [] } = queued.body.input as unknown as {
    readonly nodes?: readonly GraphNode[]
    readonly graphs?: readonly NamedGraph[]
  }
  return [...nodes, ...graphs.flatMap((graph) => graph.nodes)]
}

function placeOf({ node, round, item }: Place): Place {
  return { node, round, item }
}

/** Without the nodes that it is played within. */
function localId(node: string): string {
  return node.slice(node.lastIndexOf('/') + 1)
}
