import { ScriptPlayer } from '#domain/agents/script.ts'
import { OrchContext, type StepWrites } from '#domain/context/orch-context.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { Known } from '../agents/turn.ts'
import { limiter } from '../limiter.ts'
import { Stop } from '../stop.ts'
import type { Conductor } from './conductor.ts'
import type { OrchestrationInput } from './input.ts'
import { leftOut, type NodeEnd, unreached } from './node-end.ts'
import { takeNode } from './take-node.ts'

interface PlayParts {
  readonly ctx: WorkflowContext
  readonly input: OrchestrationInput
  readonly conductor: Conductor
}

/** A node that has ended, in its place of the graph. */
interface Ended {
  readonly node: GraphNode
  readonly end: NodeEnd
}

/** One run of a graph: each node is taken once those before it have ended. */
export class Play {
  readonly #parts: PlayParts
  readonly #start: OrchContext
  readonly #inTurn: <T>(work: () => Promise<T>) => Promise<T>
  readonly #stop = new Stop()
  readonly #known: Known
  readonly #script: { readonly script?: ScriptPlayer }
  readonly #ends = new Map<string, Promise<NodeEnd>>()

  constructor(parts: PlayParts) {
    this.#parts = parts
    const { goal, task, tasks, jobs, parallel } = parts.input
    this.#known = {
      tasks: new Map(tasks.map((each) => [each.name, each])),
      jobs: new Map(jobs.map((each) => [each.name, each])),
    }
    const { script } = parts.input
    this.#script = script === undefined ? {} : { script: new ScriptPlayer(script) }
    this.#inTurn = limiter(parallel)
    const values = { ...(goal !== undefined && { goal }), ...(task !== undefined && { 'task.name': task }) }
    this.#start = OrchContext.start(values)
  }

  /** Takes all nodes, and answers with how each ended, in the order of the graph. */
  async all(): Promise<readonly Ended[]> {
    const { nodes } = this.#parts.input
    for (const node of nodes) this.#ends.set(node.id, this.#takeWhenReady(node))
    return await this.#endsOf(nodes)
  }

  async #takeWhenReady(node: GraphNode): Promise<NodeEnd> {
    for (const need of node.needs) {
      const before = await this.#ends.get(need)
      if (before?.opens === false) return this.#passOver(node, unreached(need))
    }
    return await this.#inTurn(() => this.#take(node))
  }

  async #take(node: GraphNode): Promise<NodeEnd> {
    if (this.#stop.cause !== undefined) return this.#passOver(node, unreached(this.#stop.cause))
    const { ctx, input, conductor } = this.#parts
    const context = this.#contextAfter(await this.#endsOf(ancestorsOf(node, input.nodes)))
    for (let round = 1; ; round++) {
      const before = await conductor.before(node, { context, round })
      if (before.kind === 'skip') return this.#passOver(node, leftOut(before.reason))
      if (before.kind === 'stop') {
        this.#stop.because(node.id)
        return this.#passOver(node, unreached(node.id))
      }
      const { adjustments } = before
      const end = await takeNode(node, {
        ctx,
        input,
        known: this.#known,
        context: conductor.edited(node, context),
        round,
        adjustments,
        ...this.#script,
        approveTool: (call) => conductor.approveTool(node, call),
      })
      if ((await conductor.after(node, end)) === 'repeat') continue
      if (end.failure !== null) this.#stop.because(node.id)
      return end
    }
  }

  /** A node that does not begin has only its end. */
  #passOver(node: GraphNode, end: NodeEnd): NodeEnd {
    const { status, message, writes, failure } = end
    const place = { node: node.id, round: 1, item: null }
    this.#parts.ctx.record({ type: 'node.ended', body: { ...place, status, message, writes, failure } })
    return end
  }

  /** The context after these nodes, in the order of the graph. */
  #contextAfter(ended: readonly Ended[]): OrchContext {
    return this.#start.with(
      ended.map(({ node, end }): StepWrites => ({ writer: workerOf(node), step: node.id, writes: end.writes })),
    )
  }

  async #endsOf(nodes: readonly GraphNode[]): Promise<readonly Ended[]> {
    const ended: Ended[] = []
    for (const node of nodes) {
      const end = await this.#ends.get(node.id)
      if (end !== undefined) ended.push({ node, end })
    }
    return ended
  }
}

/** All nodes that must have ended before this one, in the order of the graph. */
function ancestorsOf(node: GraphNode, nodes: readonly GraphNode[]): readonly GraphNode[] {
  const wanted = new Set(node.needs)
  for (const other of nodes.toReversed()) if (wanted.has(other.id)) for (const need of other.needs) wanted.add(need)
  return nodes.filter(({ id }) => wanted.has(id))
}
