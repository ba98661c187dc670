import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { answerSignal } from '#domain/people/question.ts'
import type { Executing } from './services.ts'
import type { AskedQuestion } from './store-port.ts'

/** Records an answer. The first one counts, whoever else answers at the same time. */
export async function deliverAnswer(
  { journal, reader }: Executing,
  question: AskedQuestion,
  answer: { readonly choice: string; readonly by: string; readonly text?: string | undefined },
): Promise<Result<void, Failure>> {
  const signal = answerSignal(question.id)
  const { choice, by, text } = answer
  const body = { signal, payload: { choice, by, ...(text !== undefined && { text }) } }
  const draft = { type: 'signal.received', body, dedupeKey: signal } as const
  const until = question.deadline === null ? {} : { notAfter: question.deadline }
  const delivered = await journal.deliver({ runId: question.runId, actor: answer.by, draft, ...until })
  if (!delivered.ok) {
    const isLate = delivered.error.code === 'signal_late'
    return isLate ? err({ code: 'question_closed', question: question.number, reason: 'expired' }) : delivered
  }
  if (delivered.value.fresh) return ok()
  const now = await reader.findQuestion(question.number)
  if (!now.ok) return now
  return closedFailure({ ...question, state: 'answered', ...now.value }) ?? ok()
}

export function closedFailure(question: AskedQuestion): Result<never, Failure> | undefined {
  if (question.state === 'open') return undefined
  const { number, closedBy, choice } = question
  const who = closedBy === null ? {} : { by: closedBy }
  const what = choice === null ? {} : { choice }
  return err({ code: 'question_closed', question: number, reason: question.state, ...who, ...what })
}

/** An answer as it is typed: the choice, and behind it, with or without `--text`, what else is said. */
export function typedAnswer(
  question: AskedQuestion,
  line: string,
): Result<{ readonly choice: string; readonly text?: string }, Failure> {
  const whole = chosen(question, line)
  if (whole.ok) return ok({ choice: whole.value })
  const wanted = line.trim()
  const choice = question.choices.find((each) => wanted.toLowerCase().startsWith(`${each.toLowerCase()} `))
  if (choice === undefined) return whole
  const said = wanted.slice(choice.length).trim()
  const [, quoted] = /^--text[ =]+(.*)$/s.exec(said) ?? []
  const text = quoted?.replace(/^(["'])(.*)\1$/s, '$2') ?? said
  return text === '' || /^--/.test(text) ? whole : ok({ choice, text })
}

/** A choice may be shortened as long as it stays clear which one is meant. */
export function chosen({ number, choices }: AskedQuestion, text: string): Result<string, Failure> {
  const wanted = text.trim().toLowerCase()
  const exact = choices.find((choice) => choice.toLowerCase() === wanted)
  const beginning = choices.filter((choice) => wanted !== '' && choice.toLowerCase().startsWith(wanted))
  const meant = exact ?? (beginning.length === 1 ? beginning[0] : undefined)
  if (meant !== undefined) return ok(meant)
  const suggestion = nearest(wanted, choices)
  const failure = { code: 'invalid_choice' as const, question: number, choice: text, choices: [...choices] }
  return err({ ...failure, ...(suggestion !== undefined && { nearest: suggestion }) })
}
