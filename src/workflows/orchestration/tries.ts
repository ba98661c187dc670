import type { Json } from '#base/json.ts'
import type { Adjustments } from '#domain/conductor/adjustments.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import { delayBeforeRetry } from '#engine/retry.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import { retryPolicy } from '../job-step.ts'
import type { Stop } from '../stop.ts'
import { type NodeEnd, recordEnd } from './node-end.ts'
import type { Playing } from './playing.ts'
import { takeNode } from './take-node.ts'
import type { Taking } from './taking.ts'

/** One round of a node, or of one of its items. */
interface One {
  readonly adjustments: Adjustments
  readonly item?: { readonly index: number; readonly value: Json }
}

/** One try, and further ones where it failed and is to be tried again. */
export async function tries(node: GraphNode, { playing, context, stop, judge }: Taking, one: One): Promise<NodeEnd> {
  const { ctx, rounds } = playing
  const policy = node.retry === undefined ? undefined : retryPolicy(node.retry, ctx.random())
  for (let attempt = 1; ; attempt++) {
    const round = rounds.next(node.id, one.item?.index)
    const end = await takeNode(node, { ctx, context, stop, round, ...one }, { playing, judge })
    const delay = end.failure === null ? undefined : delayBeforeRetry(policy, attempt, end.failure)
    if (delay === undefined || stop.cause !== undefined) return end
    if (!(await hasWaited(delay, ctx, stop))) return end
  }
}

/** Whether the wait before the next try has passed, and nothing has failed elsewhere that leaves it out. */
async function hasWaited(durationMs: number, ctx: WorkflowContext, stop: Stop): Promise<boolean> {
  if (durationMs === 0) return true
  const waiting = ctx.sleep(durationMs)
  const forget = stop.onStop(() => waiting.cancel())
  const { ok } = await waiting
  forget()
  return ok && stop.cause === undefined
}

/** A node that does not begin has only its end. */
export function passOver(node: GraphNode, end: NodeEnd, { ctx, rounds }: Playing): NodeEnd {
  return recordEnd(ctx, { node: node.id, round: rounds.next(node.id), item: null }, end)
}
