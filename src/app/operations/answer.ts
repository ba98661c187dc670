import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import { chosen, closedFailure, deliverAnswer } from '../deliver-answer.ts'
import type { Call, Operation } from '../operation.ts'
import type { Executing } from '../services.ts'
import type { AskedQuestion } from '../store-port.ts'
import { cancelRun } from './cancel-run.ts'

const Input = z.object({ question: z.string(), choice: z.string() })

export interface Answered {
  readonly question: AskedQuestion
  readonly choice: string
  /** Whether the run goes on in the background because of it. */
  readonly launched: boolean
}

/** Answers a question. The first answer counts; a run that no living process executes is started in the background. */
export const answer: Operation<z.infer<typeof Input>, Answered> = {
  name: 'answer',
  effect: 'write',
  // An agent never answers a person's question.
  callers: ['person'],
  input: Input,
  run: async (input, call) => {
    const executing = await call.services.executing()
    if (!executing.ok) return executing
    const question = await openQuestion(executing.value, input.question)
    if (!question.ok) return question
    const choice = chosen(question.value, input.choice)
    if (!choice.ok) return choice
    return question.value.wait === null
      ? await decide(executing.value, call, { question: question.value, choice: choice.value })
      : await signal(executing.value, call, { question: question.value, choice: choice.value })
  },
}

async function openQuestion({ reader }: Executing, text: string): Promise<Result<AskedQuestion, Failure>> {
  const question = /^[1-9][0-9]{0,14}$/.test(text) ? await reader.findQuestion(Number(text)) : ok(undefined)
  if (!question.ok) return question
  if (question.value !== undefined) return closedFailure(question.value) ?? ok(question.value)
  const open = await reader.openQuestions()
  return open.ok
    ? err({ code: 'unknown_question', question: text, open: open.value.map(({ number }) => number) })
    : open
}

async function signal(
  executing: Executing,
  call: Call,
  { question, choice }: { readonly question: AskedQuestion; readonly choice: string },
): Promise<Result<Answered, Failure>> {
  const by = actorOf(call.services.principal)
  const delivered = await deliverAnswer(executing, question, { choice, by })
  if (!delivered.ok) return delivered
  const run = await executing.reader.findRun(question.runId)
  // A waiting run has no process; one that executes it now hears of the answer by itself.
  const isIdle = run.ok && (run.value.status === 'waiting' || run.value.interrupted)
  if (!isIdle) return ok({ question, choice, launched: false })
  const launched = await call.services.launch(['work', '--run', question.runId])
  return launched.ok ? ok({ question, choice, launched: true }) : launched
}

/** The question of a paused run: it goes on, or it is over. Here, too, the first answer counts. */
async function decide(
  executing: Executing,
  call: Call,
  { question, choice }: { readonly question: AskedQuestion; readonly choice: string },
): Promise<Result<Answered, Failure>> {
  const by = actorOf(call.services.principal)
  const delivered = await deliverAnswer(executing, question, { choice, by })
  if (!delivered.ok) return delivered
  if (choice === 'cancel') {
    const cancelled = await cancelRun.run({ run: question.runId }, call)
    return cancelled.ok ? ok({ question, choice, launched: false }) : cancelled
  }
  const launched = await call.services.launch(['runs', 'resume', question.runId])
  return launched.ok ? ok({ question, choice, launched: true }) : launched
}
