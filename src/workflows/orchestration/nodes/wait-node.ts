import { parseDuration } from '#base/duration.ts'
import { err, ok } from '#base/result.ts'
import { momentOf } from '#domain/definition/node-times.ts'
import type { NodeOf } from '#domain/definition/orchestration-graph.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { TurnEnd } from '../../agents/turn.ts'

/** Waits so long, or until that moment; one that has passed is no wait. */
export async function waitNode(ctx: WorkflowContext, { id, with: work }: NodeOf<'wait'>): Promise<TurnEnd> {
  const { for: length, until } = work
  const moment = until === undefined ? undefined : momentOf(until)
  if (until !== undefined && moment === undefined)
    return err({ code: 'node_input_invalid', node: id, key: 'until', value: until, expected: 'moment' })
  const duration = length === undefined ? undefined : parseDuration(length)
  if (duration?.ok === false)
    return err({ code: 'node_input_invalid', node: id, key: 'for', value: length ?? '', expected: 'duration' })
  const slept = await ctx.sleep(moment === undefined ? (duration?.value ?? 0) : Math.max(0, moment - ctx.now()))
  return slept.ok ? ok({ writes: {}, message: `waited ${length ?? `until ${until}`}` }) : slept
}
