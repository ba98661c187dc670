import { expect, test } from 'vitest'
import { commandsInWords, VERBS } from '#domain/conductor/command-forms.ts'

/** What stands before each line where a person is asked. */
const INDENT = 8

test('all commands are told in two columns that a terminal of 80 has room for', () => {
  const lines = commandsInWords().split('\n')
  expect(Math.max(...lines.map(({ length }) => length)) + INDENT).toBeLessThanOrEqual(80)
  for (const verb of VERBS) expect(lines.some((line) => line.startsWith(verb))).toBe(true)
})
