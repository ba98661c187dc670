import { expect, test } from 'vitest'
import { withinSize } from '#domain/agents/conversation-size.ts'
import type { Message } from '#domain/agents/message.ts'

const long = (letter: string) => letter.repeat(2000)
const answer = (letter: string): Message => ({
  from: 'tools',
  results: [{ tool: 'read', result: { text: long(letter) } }],
})
const wrote = (letter: string): Message => ({
  from: 'agent',
  text: 'I write',
  calls: [{ tool: 'write', args: { path: 'a', text: long(letter) } }],
})
const talk: readonly Message[] = [{ from: 'run', text: long('r') }, wrote('w'), answer('a'), wrote('v'), answer('b')]
const size = (messages: readonly Message[]) => JSON.stringify(messages).length
/** The letters of what is still there in full. */
const kept = (most: number) => {
  const text = JSON.stringify(withinSize(talk, most))
  return ['r', 'w', 'a', 'v', 'b'].filter((letter) => text.includes(long(letter))).join('')
}

test('a conversation that fits is sent as it is', () => {
  expect(withinSize(talk, size(talk))).toEqual(talk)
})

test('the oldest answers of tools go first, then what was written, and the latest answers last', () => {
  const whole = size(talk)
  expect([whole - 100, whole - 2500, whole - 4500, whole - 6500, 1].map(kept)).toEqual(['rwvb', 'rvb', 'rb', 'r', 'r'])
})

test('of the latest answers as many stay as there is room for', () => {
  const results = ['a', 'b', 'c'].map((letter) => ({ tool: 'read', result: { text: long(letter) } }))
  const [message] = withinSize([{ from: 'tools', results }], 4500)
  expect(message).toMatchObject({ results: [{ result: { left_out: expect.any(String) } }, ...results.slice(1)] })
})

test('what is left out is said to be, and short things stay', () => {
  expect(withinSize(talk, 1)).toEqual([
    { from: 'run', text: long('r') },
    {
      from: 'agent',
      text: 'I write',
      calls: [{ tool: 'write', args: { path: 'a', text: { left_out: '2002 characters' } } }],
    },
    {
      from: 'tools',
      results: [{ tool: 'read', result: { left_out: '2011 characters; ask again for what you need' } }],
    },
    {
      from: 'agent',
      text: 'I write',
      calls: [{ tool: 'write', args: { path: 'a', text: { left_out: '2002 characters' } } }],
    },
    {
      from: 'tools',
      results: [{ tool: 'read', result: { left_out: '2011 characters; ask again for what you need' } }],
    },
  ])
})
