import type { AskedQuestion } from '#app/store-port.ts'
import { alternatives, onOneLine } from '#base/text.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

/** `inbox`: two lines a question, what is asked and how to answer. */
export const inbox = mount<readonly AskedQuestion[]>(({ io, json }) => ({
  answer: (questions) => {
    if (json) printJson(io, 'inbox', { questions: questions.map(snakeKeys) })
    else if (questions.length === 0) io.out('nobody is asked anything\n')
    else for (const question of questions) io.out(linesOf(question))
    return 0
  },
}))

function linesOf({ number, asker, text, choices, askedAt, deadline, runId }: AskedQuestion): string {
  const until = deadline === null ? '' : `, until ${wholeSeconds(deadline)}`
  const indent = ' '.repeat(String(number).length + 2)
  return [
    `${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}`,
    `${indent}since ${wholeSeconds(askedAt)}${until}, run ${runId}`,
    `${indent}orchastration answer ${number} ${alternatives(choices)}\n`,
  ].join('\n')
}
