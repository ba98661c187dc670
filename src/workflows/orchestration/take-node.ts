import { err } from '#base/result.ts'
import type { OrchContext } from '#domain/context/orch-context.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import { takeTurn } from '../agents/take-turn.ts'
import type { Adjustments, Known, TurnEnd } from '../agents/turn.ts'
import type { OrchestrationInput } from './input.ts'
import type { NodeEnd } from './node-end.ts'

/** One round of a node. */
export interface Round {
  readonly ctx: WorkflowContext
  readonly input: OrchestrationInput
  readonly known: Known
  /** What the steps before it have written. */
  readonly context: OrchContext
  readonly round: number
  readonly adjustments: Adjustments
}

/** Does what the node is there for, by its kind. */
export async function takeNode(node: GraphNode, round: Round): Promise<NodeEnd> {
  const startedAt = round.ctx.now()
  const taken = await work(node, round)
  return endOf(node, taken, { startedAt, endedAt: round.ctx.now() })
}

async function work(node: GraphNode, { input, ...round }: Round): Promise<TurnEnd> {
  const agent = input.agents.find(({ name }) => name === node.with.agent)
  if (agent === undefined) return err({ code: 'backend_missing', agent: node.with.agent, backend: 'command' })
  return await takeTurn({ ...round, node, choice: input.choice }, agent)
}

function endOf(
  node: GraphNode,
  taken: TurnEnd,
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number },
): NodeEnd {
  const { id } = node
  const about = { id, name: workerOf(node), started_at: startedAt, ended_at: endedAt }
  if (!taken.ok) return { end: { ...about, status: 'failed', message: taken.error.code }, failure: taken.error }
  const { writes, message, idle } = taken.value
  const wrote = { writer: workerOf(node), step: id, at: endedAt, writes }
  return { end: { ...about, status: idle === true ? 'skipped' : 'success', message }, wrote }
}
