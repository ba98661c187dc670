import { err, ok } from '#base/result.ts'
import type { ToolCall } from '#domain/agents/message.ts'
import type { Adjustments } from '#domain/conductor/adjustments.ts'
import { fillMarked, fillTexts } from '#domain/context/fill-texts.ts'
import { type AgentNode, type GraphNode, type NodeOf, workerOf } from '#domain/definition/orchestration-graph.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import { takeTurn } from '../agents/take-turn.ts'
import type { TurnEnd } from '../agents/turn.ts'
import { jobNodeKey } from './input.ts'
import { itemContext } from './item-context.ts'
import { failed, type NodeEnd, recordEnd, unreached } from './node-end.ts'
import { runCommandNode } from './nodes/command-node.ts'
import { askPeople } from './nodes/human-node.ts'
import { runJobNode } from './nodes/job-node.ts'
import { waitNode } from './nodes/wait-node.ts'
import type { Playing, Round } from './playing.ts'
import { Scope, within } from './scope.ts'

interface Surroundings {
  readonly playing: Playing
  /** What its end means to those before and after it. */
  readonly judge: (end: NodeEnd) => NodeEnd
}

/** Does what the node is there for, by its kind, and leaves the facts of its beginning and end. */
export async function takeNode(node: GraphNode, round: Round, { playing, judge }: Surroundings): Promise<NodeEnd> {
  const { ctx } = round
  const place = { node: node.id, round: round.round, item: round.item?.index ?? null }
  ctx.record({ type: 'node.started', body: { ...place, ...whoTakes(node, round.adjustments, playing) } })
  const { item } = round
  const own = item === undefined ? round : { ...round, ctx: itemContext(ctx, node.id, item.index) }
  const taken = onlyWaits(node, playing)
    ? await untilStopped(own, (ctx) => work(node, { ...own, ctx }, playing))
    : await work(node, own, playing)
  // What was ended, or not finished, for the sake of a failure elsewhere is no failure of its own.
  const isStopped = !taken.ok && taken.error.code === 'cancelled' && round.stop.cause !== undefined
  return recordEnd(ctx, place, judge(isStopped ? unreached(round.stop.cause ?? '') : endOf(taken, round)))
}

/** Whether it is at work itself: what waits, and what is made of other nodes, keeps nobody from working. */
export function takesPlace(node: GraphNode, playing: Playing): boolean {
  return node.kind === 'command' || (node.kind === 'agent' && !onlyWaits(node, playing))
}

/** Whether nothing of ours is at work while the node is. */
function onlyWaits(node: GraphNode, playing: Playing): boolean {
  if (node.kind === 'agent') return whoTakes(node, {}, playing).backend === 'human'
  return node.kind === 'human' || node.kind === 'wait'
}

/** A question is not left open, and nothing is waited for, when the run is about to fail elsewhere. */
async function untilStopped({ ctx, stop }: Round, take: (ctx: WorkflowContext) => Promise<TurnEnd>): Promise<TurnEnd> {
  const scope = new Scope(ctx)
  const forget = stop.onStop(() => scope.end())
  const taken = await take(scope.ctx)
  forget()
  return taken
}

/** What the fact of its beginning says of the one at work. */
export function whoTakes(node: GraphNode, adjustments: Adjustments, { input }: Playing) {
  if (node.kind !== 'agent') return { kind: node.kind, role: null, backend: null }
  const agent = input.agents.find(({ name }) => name === node.with.agent)
  const backend = adjustments.backend ?? node.with.backend ?? agent?.backend ?? null
  return { kind: node.kind, role: workerOf(node), backend }
}

async function work(node: GraphNode, round: Round, playing: Playing): Promise<TurnEnd> {
  const { context, item } = round
  const filled = fillTexts(node.with, { value: (key) => context.get(key), ...(item && { item: item.value }) })
  if (!filled.ok)
    return err({ code: 'node_input_invalid', node: node.id, key: '', value: filled.error, expected: 'written' })
  // Filling in changes texts only, so what it does is still of its kind.
  const ready = { ...node, with: filled.value } as GraphNode
  return await within(round.ctx, node.timeout_ms, (ctx) => workOf(ready, { ...round, ctx }, playing))
}

async function workOf(node: GraphNode, round: Round, playing: Playing): Promise<TurnEnd> {
  switch (node.kind) {
    case 'agent':
      return await agentTurn(node, round, playing)
    case 'command':
      return await runCommandNode(round.ctx, node)
    case 'job':
      return await jobOf(node, round, playing)
    case 'orchestration':
      return await playing.playWithin(node, round)
    case 'human':
      return await askPeople(round.ctx, node)
    case 'wait':
      return await waitNode(round.ctx, node)
  }
}

async function agentTurn(node: AgentNode, round: Round, playing: Playing): Promise<TurnEnd> {
  const { input, known, choice, script, conductor } = playing
  const agent = input.agents.find(({ name }) => name === node.with.agent)
  if (agent === undefined) return err({ code: 'backend_missing', agent: node.with.agent, backend: 'command' })
  const { ctx, context, adjustments, round: count, item } = round
  const tools = { ...(input.tools && { tools: input.tools }), ...(script && { script }) }
  const place = { round: count, item: item?.index ?? null }
  const approveTool = (call: ToolCall) => conductor.approveTool(node, call)
  return await takeTurn({ ctx, node, context, choice, known, adjustments, approveTool, ...place, ...tools }, agent)
}

async function jobOf(node: NodeOf<'job'>, round: Round, { input, graph, jobs }: Playing): Promise<TurnEnd> {
  const local = node.id.slice(node.id.lastIndexOf('/') + 1)
  const own = input.job_nodes?.[jobNodeKey(graph, local)]
  const planned = own ?? jobs.known.get(node.with.job)
  if (planned === undefined) return err({ code: 'unknown_job', job: node.with.job, known: [] })
  const { context, item } = round
  const filled =
    own === undefined
      ? ok(planned)
      : fillMarked(planned, { value: (key) => context.get(key), ...(item && { item: item.value }) })
  if (!filled.ok)
    return err({ code: 'node_input_invalid', node: node.id, key: 'params', value: filled.error, expected: 'written' })
  return await runJobNode(round.ctx, filled.value, jobs)
}

function endOf(taken: TurnEnd, { context }: Round): NodeEnd {
  if (!taken.ok) return failed(taken.error)
  const { writes, message, idle, verdict } = taken.value
  if (verdict?.status === 'rejected') {
    const { reasons, findings } = verdict
    const said = { 'review.findings': findings, ...writes }
    return { status: 'rejected', message: reasons.join('; ') || message, writes: said, failure: null, opens: false }
  }
  // What was found before and has been mended is found no more.
  const isMended = writes['review.status'] === 'passed' && context.texts('review.findings').length > 0
  const said = isMended ? { 'review.findings': [], ...writes } : writes
  return { status: idle === true ? 'skipped' : 'success', message, writes: said, failure: null, opens: true }
}
