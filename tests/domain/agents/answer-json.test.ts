import { expect, test } from 'vitest'
import { answerIn } from '#domain/agents/answer-json.ts'

const verdict = { verdict: 'passed', reasons: [] }
const json = JSON.stringify(verdict)
const answer = (text: string) => answerIn({ output: null, text })

test('an answer is the whole reply, in a fence or not', () => {
  for (const text of [json, `\n${json}\n`, `\`\`\`json\n${json}\n\`\`\``, `\`\`\`\n${json}\n\`\`\`\n`])
    expect(answer(text)).toEqual(verdict)
  expect(answerIn({ output: { a: 1 }, text: json })).toEqual({ a: 1 })
})

test('what is quoted among other words is none', () => {
  const fence = `\`\`\`json\n${json}\n\`\`\``
  for (const text of [
    `It says ${json}`,
    `It says:\n${fence}`,
    `${fence}\nis what it says`,
    `${fence}\n${fence}`,
    '',
    'x',
  ])
    expect(answer(text)).toBeNull()
})
