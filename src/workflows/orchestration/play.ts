import { OrchContext } from '#domain/context/orch-context.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { Known } from '../agents/turn.ts'
import { limiter } from '../limiter.ts'
import { Stop } from '../stop.ts'
import type { Conductor } from './conductor.ts'
import type { OrchestrationInput } from './input.ts'
import type { NodeEnd } from './node-end.ts'
import { takeNode } from './take-node.ts'

interface PlayParts {
  readonly ctx: WorkflowContext
  readonly input: OrchestrationInput
  readonly conductor: Conductor
}

/** One run of a graph: each node is taken once those before it have ended. */
export class Play {
  readonly #parts: PlayParts
  readonly #start: OrchContext
  readonly #inTurn: <T>(work: () => Promise<T>) => Promise<T>
  readonly #stop = new Stop()
  readonly #known: Known
  readonly #ends = new Map<string, Promise<NodeEnd>>()

  constructor(parts: PlayParts) {
    this.#parts = parts
    const { goal, task, tasks, jobs, parallel } = parts.input
    this.#known = {
      tasks: new Map(tasks.map((each) => [each.name, each])),
      jobs: new Map(jobs.map((each) => [each.name, each])),
    }
    this.#inTurn = limiter(parallel)
    const values = { ...(goal !== undefined && { goal }), ...(task !== undefined && { 'task.name': task }) }
    this.#start = OrchContext.start(values, parts.ctx.now())
  }

  /** Takes all nodes, and answers with how each ended, in the order of the graph. */
  async all(): Promise<readonly NodeEnd[]> {
    const { nodes } = this.#parts.input
    for (const node of nodes) this.#ends.set(node.id, this.#takeWhenReady(node))
    return await this.#endsOf(nodes)
  }

  /** The context after these nodes, in the order of the graph. */
  contextAfter(ends: readonly NodeEnd[]): OrchContext {
    return this.#start.with(ends.flatMap(({ wrote }) => (wrote === undefined ? [] : [wrote])))
  }

  async #takeWhenReady(node: GraphNode): Promise<NodeEnd> {
    for (const need of node.needs) {
      const before = await this.#ends.get(need)
      if (before?.failure !== undefined) return skipped(node, need)
      // What was skipped because of a failure takes those after it with it.
      if (before?.end.status === 'skipped' && before.wrote === undefined) return skipped(node, need)
    }
    return await this.#inTurn(() => this.#take(node))
  }

  async #take(node: GraphNode): Promise<NodeEnd> {
    if (this.#stop.cause !== undefined) return skipped(node, this.#stop.cause)
    const { ctx, input, conductor } = this.#parts
    const context = this.contextAfter(await this.#endsOf(ancestorsOf(node, input.nodes)))
    for (let round = 1; ; round++) {
      const before = await conductor.before(node, { context, round })
      if (before.kind === 'skip') return leftOut(node, before.reason, ctx.now())
      if (before.kind === 'stop') {
        this.#stop.because(node.id)
        return skipped(node, node.id)
      }
      const { adjustments } = before
      const end = await takeNode(node, { ctx, input, known: this.#known, context, round, adjustments })
      if ((await conductor.after(node, end)) === 'repeat') continue
      if (end.failure !== undefined) this.#stop.because(node.id)
      return end
    }
  }

  async #endsOf(nodes: readonly GraphNode[]): Promise<readonly NodeEnd[]> {
    const ends: NodeEnd[] = []
    for (const { id } of nodes) {
      const end = await this.#ends.get(id)
      if (end !== undefined) ends.push(end)
    }
    return ends
  }
}

/** Not reached, because of a failure elsewhere. */
function skipped(node: GraphNode, because: string): NodeEnd {
  const message = `skipped: ${because} did not succeed`
  return { end: { id: node.id, name: workerOf(node), status: 'skipped', message, started_at: null, ended_at: null } }
}

/** Not done on purpose: those after it go on with what there is. */
function leftOut(node: GraphNode, reason: string, at: number): NodeEnd {
  const { id } = node
  const name = workerOf(node)
  const end = { id, name, status: 'skipped', message: reason, started_at: null, ended_at: null } as const
  return { end, wrote: { writer: name, step: id, at, writes: {} } }
}

/** All nodes that must have ended before this one, in the order of the graph. */
function ancestorsOf(node: GraphNode, nodes: readonly GraphNode[]): readonly GraphNode[] {
  const wanted = new Set(node.needs)
  for (const other of nodes.toReversed()) if (wanted.has(other.id)) for (const need of other.needs) wanted.add(need)
  return nodes.filter(({ id }) => wanted.has(id))
}
