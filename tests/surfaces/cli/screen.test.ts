import { expect, test } from 'vitest'
import type { Terminal } from '#app/terminal-port.ts'
import { processIo } from '#surfaces/cli/io.ts'
import { onScreen } from '#surfaces/cli/screen.ts'

test('while a job has the terminal, words wait, and come in their order when it is back', async () => {
  const written: string[] = []
  const say = (text: string) => written.push(text)
  const bytes = (chunk: Uint8Array) => written.push(Buffer.from(chunk).toString())
  const plain = {
    ...(await processIo({ color: 'never', environment: {} })),
    out: say,
    note: say,
    bytes,
    alert: { note: say, bytes },
  }
  const watchers: Parameters<Terminal['whenLent']>[0][] = []
  let isLent = false
  const io = onScreen(plain, {
    offer: () => undefined,
    get isLent() {
      return isLent
    },
    whenLent: (watcher) => watchers.push(watcher),
    hold: async () => () => undefined,
  })
  io.note('before')
  isLent = true
  const chunk = Buffer.from('bytes')
  io.note('note')
  io.bytes(chunk, 'note')
  io.alert.note('alert')
  io.alert.bytes(chunk, 'note')
  io.out('answer')
  chunk.fill('x')
  expect(written).toEqual(['before'])
  isLent = false
  for (const { after } of watchers) after()
  io.note('behind')
  expect(written).toEqual(['before', 'note', 'bytes', 'alert', 'bytes', 'answer', 'behind'])
})
