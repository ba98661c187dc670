import { expect, test } from 'vitest'
import { onTerminal } from '#activities/on-terminal.ts'
import type { LentTerminal } from '#activities/terminal-port.ts'
import type { ActivityAttempt } from '#engine/activities.ts'

const never = new AbortController().signal
const attempt = (signal = never): ActivityAttempt => ({
  key: 'r/1',
  step: 'j',
  attempt: 1,
  start: '1.1.1',
  signal,
  hurry: never,
})

function lending(): { readonly terminal: LentTerminal; readonly log: string[] } {
  const log: string[] = []
  const terminal: LentTerminal = {
    size: { columns: 100, rows: 30 },
    connect: () => undefined,
    show: () => undefined,
    giveBack: () => log.push('back'),
  }
  return { terminal, log }
}

test('what is done has the terminal of a person, who gets it back', async () => {
  const { terminal, log } = lending()
  const parts = { terminal: async () => ({ lend: async () => terminal }) }
  const size = await onTerminal(parts, attempt(), async ({ columns, person }) => {
    log.push(`acts ${person === terminal}`)
    return columns
  })
  expect([size, log]).toEqual([100, ['acts true', 'back']])
})

test('the person gets it back also where it goes wrong', async () => {
  const { terminal, log } = lending()
  const parts = { terminal: async () => ({ lend: async () => terminal }) }
  const acted = onTerminal(parts, attempt(), async () => {
    throw new Error('wrong')
  })
  await expect(acted).rejects.toThrow('wrong')
  expect(log).toEqual(['back'])
})

test('where nobody looks on it is one of 80 by 24', async () => {
  const parts = { terminal: async () => ({ lend: async () => undefined }) }
  expect(await onTerminal(parts, attempt(), async (terminal) => terminal)).toEqual({ columns: 80, rows: 24 })
})

test('who was stopped while waiting does nothing', async () => {
  const parts = { terminal: async () => ({ lend: async () => undefined }) }
  expect(await onTerminal(parts, attempt(AbortSignal.abort()), async () => 'acted')).toBeUndefined()
})
