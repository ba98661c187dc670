import { expect, test } from 'vitest'
import { readStream } from '#adapters/process/pipe.ts'
import { onWindows } from '../../support/binary.ts'

test.skipIf(onWindows)("the runtime's own pipe ends with its child, whoever keeps it open behind", async () => {
  const child = Bun.spawn(['sh', '-c', '(sleep 0.05; echo late; exec sleep 1000) & echo $!; echo soon'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  const reader = readStream(child.stdout, (bytes) => {
    text += Buffer.from(bytes).toString()
  })
  await child.exited
  reader.finish()
  await reader.done
  process.kill(Number.parseInt(text, 10), 'SIGKILL')
  expect(text.split('\n').slice(1)).toEqual(['soon', 'late', ''])
})

test("the runtime's own pipe is read to its end where nobody keeps it open", async () => {
  const child = Bun.spawn([process.execPath, '-e', 'process.stdout.write("x".repeat(3_000_000))'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...Bun.env, BUN_BE_BUN: '1' },
  })
  let length = 0
  const reader = readStream(child.stdout, (bytes) => {
    length += bytes.length
  })
  await reader.done
  expect(length).toBe(3_000_000)
})
