import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Chosen } from '#domain/agents/choose-tasks.ts'
import { type ContextEntry, OrchContext, type StepWrites } from '#domain/context/orch-context.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { AgentEnd } from '#domain/run/agent-end.ts'
import { type WorkflowContext, workflow } from '#engine/workflow.ts'
import { build } from './agents/builder.ts'
import { document } from './agents/doc.ts'
import { type PlannedAgent, takeOwnTurn } from './agents/own-agent.ts'
import { plan } from './agents/planner.ts'
import { review } from './agents/reviewer.ts'
import type { Known, Turn, TurnEnd } from './agents/turn.ts'
import { limiter } from './limiter.ts'
import { Stop } from './stop.ts'
import type { PlannedTask } from './task-steps.ts'

export type OrchestrationInput = {
  readonly name: string
  readonly goal?: string
  /** The one task that was asked for. */
  readonly task?: string
  /** What the planner plans, each after its needs, and why. */
  readonly choice: readonly Chosen[]
  /** Each after all that it needs. */
  readonly nodes: readonly GraphNode[]
  /** Agents of the user's own that take part. */
  readonly own: readonly PlannedAgent[]
  /** All that the plan consists of. */
  readonly tasks: readonly PlannedTask[]
  readonly jobs: readonly PlannedJob[]
  /** How many agents work at once. */
  readonly parallel: number
}

export type OrchestrationOutput = {
  readonly agents: readonly AgentEnd[]
  readonly context: readonly ContextEntry[]
}

/** The turns of the built-in roles with the `command` backend: deterministic, without a model. */
const TURNS: Readonly<Record<string, (turn: Turn) => Promise<TurnEnd>>> = {
  PlannerAgent: plan,
  BuilderAgent: build,
  ReviewerAgent: review,
  DocAgent: document,
}

/**
 * Agents that share a context: each takes its turn once those before it have ended. What a turn reads is what the
 * steps before it have written, and nothing of those beside it; so the same graph gives the same context, whichever
 * agent is faster. After a failure no further turn begins.
 */
export const orchestration = workflow<OrchestrationInput, OrchestrationOutput>(
  'orchestration',
  1,
  async (ctx, input) => {
    const play = new Play(ctx, input)
    const ends = new Map<string, Promise<NodeEnd>>()
    for (const node of input.nodes) ends.set(node.id, play.take(node, ends))
    const settled: NodeEnd[] = []
    for (const node of input.nodes) settled.push((await ends.get(node.id)) ?? play.skipped(node, ''))
    return conclude(input, play.contextAfter(settled), settled)
  },
)

/** How a node ended, and what it wrote. */
interface NodeEnd {
  readonly end: AgentEnd
  readonly wrote?: StepWrites
  readonly failure?: Failure
}

/** One run of an orchestration. */
class Play {
  readonly #ctx: WorkflowContext
  readonly #input: OrchestrationInput
  readonly #start: OrchContext
  readonly #inTurn: <T>(work: () => Promise<T>) => Promise<T>
  readonly #stop = new Stop()
  readonly #choice: readonly Chosen[]
  readonly #known: Known

  constructor(ctx: WorkflowContext, input: OrchestrationInput) {
    this.#ctx = ctx
    this.#input = input
    const { goal, task, choice } = input
    this.#choice = choice
    this.#known = {
      tasks: new Map(input.tasks.map((each) => [each.name, each])),
      jobs: new Map(input.jobs.map((each) => [each.name, each])),
    }
    this.#inTurn = limiter(input.parallel)
    const values = { ...(goal !== undefined && { goal }), ...(task !== undefined && { 'task.name': task }) }
    this.#start = OrchContext.start(values, ctx.now())
  }

  async take(node: GraphNode, ends: ReadonlyMap<string, Promise<NodeEnd>>): Promise<NodeEnd> {
    for (const need of node.needs) {
      const before = await ends.get(need)
      if (before?.end.status === 'failed' || before?.failure !== undefined) return this.skipped(node, need)
      // A turn that was skipped because of a failure takes those after it with it.
      if (before?.end.status === 'skipped' && before.wrote === undefined) return this.skipped(node, need)
    }
    return await this.#inTurn(() => this.#turn(node, ends))
  }

  skipped({ id, role: name }: GraphNode, because: string): NodeEnd {
    const message = because === '' ? 'never reached' : `skipped: ${because} did not succeed`
    return { end: { id, name, status: 'skipped', message, started_at: null, ended_at: null } }
  }

  /** The context after these steps, in the order of the graph. */
  contextAfter(ends: readonly NodeEnd[]): OrchContext {
    return this.#start.with(ends.flatMap(({ wrote }) => (wrote === undefined ? [] : [wrote])))
  }

  async #turn(node: GraphNode, ends: ReadonlyMap<string, Promise<NodeEnd>>): Promise<NodeEnd> {
    if (this.#stop.cause !== undefined) return this.skipped(node, this.#stop.cause)
    const before = await Promise.all(ancestorsOf(node, this.#input.nodes).map(async ({ id }) => await ends.get(id)))
    const context = this.contextAfter(before.filter((end) => end !== undefined))
    const startedAt = this.#ctx.now()
    const turn = { ctx: this.#ctx, node, context, choice: this.#choice, known: this.#known }
    const taken = await this.#take(turn)
    if (!taken.ok) this.#stop.because(node.id)
    return endOf(node, taken, { startedAt, endedAt: this.#ctx.now() })
  }

  async #take(turn: Turn): Promise<TurnEnd> {
    const { role } = turn.node
    const own = this.#input.own.find(({ name }) => name === role)
    if (own !== undefined) return await takeOwnTurn(turn, own)
    const take = TURNS[role]
    return take === undefined ? err({ code: 'backend_missing', agent: role, backend: 'command' }) : await take(turn)
  }
}

function endOf(
  { id, role: name }: GraphNode,
  taken: TurnEnd,
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number },
): NodeEnd {
  const times = { started_at: startedAt, ended_at: endedAt }
  if (!taken.ok) {
    return { end: { id, name, status: 'failed', message: taken.error.code, ...times }, failure: taken.error }
  }
  const { writes, message, idle } = taken.value
  const wrote = { writer: name, step: id, at: endedAt, writes }
  return { end: { id, name, status: idle === true ? 'skipped' : 'success', message, ...times }, wrote }
}

/** All nodes that must have ended before this one, in the order of the graph. */
function ancestorsOf(node: GraphNode, nodes: readonly GraphNode[]): readonly GraphNode[] {
  const wanted = new Set(node.needs)
  for (const other of nodes.toReversed()) if (wanted.has(other.id)) for (const need of other.needs) wanted.add(need)
  return nodes.filter(({ id }) => wanted.has(id))
}

function conclude(
  { name }: OrchestrationInput,
  context: OrchContext,
  ends: readonly NodeEnd[],
): Result<OrchestrationOutput, Failure> {
  const agents = ends.map(({ end }) => end)
  const failed = ends.find(({ failure }) => failure !== undefined)
  if (failed?.failure === undefined) return ok({ agents, context: context.entries })
  // Whoever cancelled the run ended it, whichever agent was at work.
  if (failed.failure.code === 'cancelled') return err(failed.failure)
  return err({
    code: 'orchestration_failed',
    orchestration: name,
    agent: failed.end.name,
    cause: failed.failure as Readonly<Record<string, Json>>,
    agents: [...agents],
    context: [...context.entries],
  })
}
