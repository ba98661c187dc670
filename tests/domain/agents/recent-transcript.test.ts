import { expect, test } from 'vitest'
import { recentTranscript } from '#domain/agents/recent-transcript.ts'

const entry = (said: string) => ({ step: 's', role: 'r', said })

test('of a transcript an agent is told the latest, and the beginning of what is long', () => {
  expect(recentTranscript([entry('a')])).toEqual([entry('a')])
  const many = recentTranscript(Array.from({ length: 100 }, (_, index) => entry(String(index))))
  expect(many).toHaveLength(31)
  expect(many).toMatchObject([
    { left_out: '70 earlier entries' },
    { said: '70' },
    ...Array.from({ length: 29 }, () => ({})),
  ])
  expect(recentTranscript([entry('x'.repeat(5000))])).toEqual([
    { ...entry('x'.repeat(4000)), left_out: '1000 characters' },
  ])
  expect(recentTranscript('no list')).toBe('no list')
})
