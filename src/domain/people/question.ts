import type { Json } from '#base/json.ts'

/** What needs a person. It stands in the log with the wait that it opens. */
export interface Question {
  /** A UUID; people use the short number that the inbox shows. */
  readonly id: string
  readonly text: string
  readonly choices: readonly string[]
  /** What asks: a job's name, or what of the product needs to know. */
  readonly asker: string
  /** Who should answer; `anyone` in this tenant where nobody is named. */
  readonly addressee: string
  /** Milliseconds since the epoch after which the question closes; null means never. */
  readonly deadline: number | null
}

/** The answer to a question, as the signal that carries it. */
export interface Answer {
  readonly choice: string
  readonly by: string
  readonly [key: string]: Json | undefined
}

/** What the name of the signal that answers a question begins with. */
export const ANSWER_PREFIX = 'answer:'

/** The signal that carries the answer to a question. */
export function answerSignal(questionId: string): string {
  return ANSWER_PREFIX + questionId
}
