import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runLanes } from '#adapters/hashing/lanes.ts'
import type { Hashed, HashTask } from '#app/hash-port.ts'
import { sha256 } from '#base/digest.ts'

const FILES = 3000
const folder = mkdtempSync(join(tmpdir(), 'orchastration-lanes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(folder, { recursive: true })
const tasks = Array.from({ length: FILES }, (_, number): HashTask => {
  const path = join(folder, String(number))
  // Every seventh is missing: failures keep their place among the digests.
  if (number % 7 !== 3) writeFileSync(path, `content ${number}`)
  return { path, algorithm: 'sha256' }
})
const expected = tasks.map(
  ({ path }, number): Hashed =>
    number % 7 === 3
      ? { failure: { code: 'file_missing', path } }
      : { hash: sha256(`content ${number}`), bytes: `content ${number}`.length },
)

const worker = new URL('../../../src/adapters/hashing/hash-worker.ts', import.meta.url)
const noWorker = new URL('./no-such-worker.ts', import.meta.url)
const brokenWorker = new URL('../../fixtures/hashing/dying-worker.ts', import.meta.url)

async function run(processors: number, url: URL, stop = new AbortController().signal) {
  const results: Hashed[] = []
  let bytes = 0
  const hashed = (made: readonly Hashed[]) => void results.push(...made)
  const moved = (read: number) => {
    bytes = read
  }
  await runLanes(tasks, { stop, hashed, moved, expectedBytes: undefined }, { processors, worker: url })
  return { results, bytes }
}

describe('many files', () => {
  test.each([
    ['in one thread', 1, worker],
    ['in four', 4, worker],
    ['in four of which three cannot be started', 4, noWorker],
    ['in four of which three take a file each and die', 4, brokenWorker],
  ])('are all hashed, each once, and told in their order: %s', async (_title, processors, url) => {
    const { results, bytes } = await run(processors, url)
    expect(results).toEqual(expected)
    const all = expected.reduce((sum, result) => sum + ('bytes' in result ? result.bytes : 0), 0)
    expect(bytes).toBe(all)
  })

  test('are left where they are once it is told to stop, and what was made is told in its order', async () => {
    const { results } = await run(4, worker, AbortSignal.abort())
    expect(results.length).toBeLessThan(FILES)
    expect(results).toEqual(expected.slice(0, results.length))
  })

  test('that are none take no time', async () => {
    const none: Hashed[] = []
    const watch = {
      stop: new AbortController().signal,
      hashed: (made: readonly Hashed[]) => void none.push(...made),
      moved: () => 0,
      expectedBytes: 0,
    }
    await runLanes([], watch, { processors: 4, worker })
    expect(none).toEqual([])
  })
})
