import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import type { RunId } from '#domain/run/run.ts'
import { chosen, closedFailure, deliverAnswer } from '../deliver-answer.ts'
import type { Call, Operation } from '../operation.ts'
import type { Executing } from '../services.ts'
import type { AskedQuestion } from '../store-port.ts'
import { cancelRun } from './cancel-run.ts'

const Input = z.object({
  question: z.string(),
  choice: z.string(),
  text: z.optional(z.string().check(z.maxLength(20_000))),
})

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
    const by = actorOf(call.services.principal)
    const delivered = await deliverAnswer(executing.value, question.value, {
      choice: choice.value,
      by,
      text: input.text,
    })
    if (!delivered.ok) return delivered
    const launched = await goOn(executing.value, call, { question: question.value, choice: choice.value })
    return launched.ok ? ok({ question: question.value, choice: choice.value, launched: launched.value }) : launched
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

interface Given {
  readonly question: AskedQuestion
  readonly choice: string
}

/** Sets going what waited for the answer; says whether that is a process in the background. */
async function goOn(executing: Executing, call: Call, { question, choice }: Given): Promise<Result<boolean, Failure>> {
  const { runId, wait } = question
  if (wait !== null) return (await isIdle(executing, runId)) ? await launch(call, ['work', '--run', runId]) : ok(false)
  // The question of a paused run: it goes on, or it is over.
  if (choice !== 'cancel') return await launch(call, ['runs', 'resume', runId])
  const cancelled = await cancelRun.run({ run: runId }, call)
  return cancelled.ok ? ok(false) : cancelled
}

/** A waiting run has no process; one that executes it now hears of the answer by itself. */
async function isIdle({ reader }: Executing, runId: RunId): Promise<boolean> {
  const run = await reader.findRun(runId)
  return run.ok && (run.value.status === 'waiting' || run.value.interrupted)
}

async function launch({ services }: Call, args: readonly string[]): Promise<Result<boolean, Failure>> {
  const launched = await services.launch(args)
  return launched.ok ? ok(true) : launched
}
