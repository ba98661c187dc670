import { parseDuration } from '#base/duration.ts'
import { err, ok } from '#base/result.ts'
import { type NodeOf, ownKey } from '#domain/definition/orchestration-graph.ts'
import { type Answer, answerSignal } from '#domain/people/question.ts'
import type { Pending, WorkflowContext } from '#engine/workflow.ts'
import type { TurnEnd } from '../../agents/turn.ts'

const YES_OR_NO = ['yes', 'no']

/** Asks people; what they answer is written down. Where nothing but yes or no can be said, no is a failure. */
export async function askPeople(ctx: WorkflowContext, { id, with: work }: NodeOf<'human'>): Promise<TurnEnd> {
  const { text, choices, addressee = 'anyone', deadline: length, key = ownKey(id, 'answer') } = work
  const limit = length === undefined ? undefined : parseDuration(length)
  if (limit?.ok === false)
    return err({ code: 'node_input_invalid', node: id, key: 'deadline', value: length ?? '', expected: 'duration' })
  const limitMs = limit?.value
  const uuid = ctx.uuid()
  const deadline = limitMs === undefined ? null : ctx.now() + limitMs
  const offered = [...(choices ?? YES_OR_NO)]
  const asked = { id: uuid, text, choices: offered, asker: id, addressee, deadline }
  const answer = await answerWithin(ctx, ctx.signal<Answer>(answerSignal(uuid), asked), limitMs)
  if (!answer.ok) return answer
  if (answer.value === undefined) return err({ code: 'declined', question: text, expired: true })
  const { choice, by } = answer.value
  if (choices === undefined && choice === 'no') return err({ code: 'declined', question: text, by, expired: false })
  return ok({ writes: { [key]: choice }, message: `${choice}, says ${by}` })
}

/** Undefined where nobody has answered in time. */
async function answerWithin(ctx: WorkflowContext, answered: Pending<Answer>, limitMs: number | undefined) {
  if (limitMs === undefined) return await answered
  const first = await ctx.race({ answered, late: ctx.sleep(limitMs) })
  if (first.winner === 'answered') return first.result
  answered.cancel()
  return first.result.ok ? ok(undefined) : first.result
}
