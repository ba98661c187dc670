import { err } from '#base/result.ts'
import type { ToolCall } from '#domain/agents/message.ts'
import type { ScriptPlayer } from '#domain/agents/script.ts'
import type { Adjustments } from '#domain/conductor/adjustments.ts'
import type { OrchContext } from '#domain/context/orch-context.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import { takeTurn } from '../agents/take-turn.ts'
import type { Known, TurnEnd } from '../agents/turn.ts'
import type { OrchestrationInput } from './input.ts'
import { failed, type NodeEnd } from './node-end.ts'

/** One round of a node. */
export interface Round {
  readonly ctx: WorkflowContext
  readonly input: OrchestrationInput
  readonly known: Known
  /** What the steps before it have written. */
  readonly context: OrchContext
  readonly round: number
  readonly adjustments: Adjustments
  readonly script?: ScriptPlayer
  readonly approveTool: (call: ToolCall) => Promise<string | undefined>
}

/** Does what the node is there for, by its kind, and leaves the facts of its beginning and end. */
export async function takeNode(node: GraphNode, round: Round): Promise<NodeEnd> {
  const { ctx } = round
  const place = { node: node.id, round: round.round, item: null }
  const agent = round.input.agents.find(({ name }) => name === node.with.agent)
  const backend = round.adjustments.backend ?? node.with.backend ?? agent?.backend ?? null
  ctx.record({ type: 'node.started', body: { ...place, kind: node.kind, role: node.with.agent, backend } })
  const end = endOf(await work(node, round))
  const { status, message, writes, failure } = end
  ctx.record({ type: 'node.ended', body: { ...place, status, message, writes, failure } })
  return end
}

async function work(node: GraphNode, { input, ...round }: Round): Promise<TurnEnd> {
  const agent = input.agents.find(({ name }) => name === node.with.agent)
  if (agent === undefined) return err({ code: 'backend_missing', agent: node.with.agent, backend: 'command' })
  const tools = input.tools !== undefined && { tools: input.tools }
  return await takeTurn({ ...round, node, choice: input.choice, ...tools }, agent)
}

function endOf(taken: TurnEnd): NodeEnd {
  if (!taken.ok) return failed(taken.error)
  const { writes, message, idle, verdict } = taken.value
  if (verdict?.status === 'rejected') {
    const { reasons, findings } = verdict
    const failure: Failure = { code: 'review_failed', verdict: reasons.join('; '), findings: [...findings] }
    return { status: 'rejected', message, writes, failure, opens: false }
  }
  return { status: idle === true ? 'skipped' : 'success', message, writes, failure: null, opens: true }
}
