import { ok, type Result } from '#base/result.ts'
import type { Confirm } from '#domain/definition/job.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import { type Answer, answerSignal } from '#domain/people/question.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import { milliseconds } from './job-step.ts'

/** Asks what a job wants to have asked before it starts; answers with why it may not, undefined where it may. */
export async function confirmJob(
  ctx: WorkflowContext,
  planned: PlannedJob,
  onStop: (close: () => void) => void = () => undefined,
): Promise<Failure | undefined> {
  const { confirm } = planned.job
  if (confirm === undefined) return undefined
  const asked: Confirm = typeof confirm === 'string' ? { question: confirm } : confirm
  const answer = await waitForAnswer(ctx, { asker: planned.name, asked, onStop })
  if (!answer.ok) return answer.error
  const { choice, by } = answer.value
  if (choice === 'yes') return undefined
  return {
    code: 'declined',
    question: asked.question,
    job: planned.name,
    expired: by === '',
    ...(by !== '' && { by }),
  }
}

interface Asking {
  readonly asker: string
  readonly asked: Confirm
  /** A question is not left open when the run stops. */
  readonly onStop: (close: () => void) => void
}

async function waitForAnswer(ctx: WorkflowContext, { asker, asked, onStop }: Asking): Promise<Result<Answer, Failure>> {
  const id = ctx.uuid()
  const timeoutMs = asked.timeout === undefined ? undefined : milliseconds(asked.timeout)
  const deadline = timeoutMs === undefined ? null : ctx.now() + timeoutMs
  const question = { id, text: asked.question, choices: ['yes', 'no'], asker, addressee: 'anyone', deadline }
  const answered = ctx.signal<Answer>(answerSignal(id), question)
  onStop(() => answered.cancel())
  if (timeoutMs === undefined) return await answered
  const first = await ctx.race({ answered, late: ctx.sleep(timeoutMs) })
  if (first.winner === 'answered') return first.result
  answered.cancel()
  return first.result.ok ? ok({ choice: asked.otherwise ?? 'no', by: '' }) : first.result
}
