import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { type GivenWorkspace, givenWorkspace } from './given-workspace.ts'

const WRITER = fileURLToPath(new URL('../../fixtures/write-for-ever.ts', import.meta.url))
const KILLS = 15

let given: GivenWorkspace | undefined
afterEach(() => given?.end())

/** Lets a writer write on from a number, and kills it in the midst of it: gives what it said. */
async function killedWriter(base: string, from: number, lines: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [WRITER, base, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  writer.stdout.on('data', (piece: Buffer) => {
    said += piece.toString()
    if (said.split('\n').length > lines) writer.kill('SIGKILL')
  })
  await new Promise((resolve) => writer.once('close', resolve))
  return said.trim().split('\n')
}

test('a writer that is killed leaves the old or the new content, and what it did not live to tell is taken back', async () => {
  given = givenWorkspace()
  const contentOf = (count: number) => `${count} `.repeat(50_000)
  let last = -1
  let untold = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await killedWriter(given.base, last + 1, 4 + (kill % 6))
    const done = said.flatMap((line) => (line.startsWith('done ') ? [Number(line.slice(5))] : []))
    const begun = said.flatMap((line) => (line.startsWith('start ') ? [Number(line.slice(6))] : []))
    last = done.at(-1) ?? last
    const path = given.at('deep/er/file.txt')
    const found = existsSync(path) ? readFileSync(path, 'utf8') : contentOf(-1)
    const next = begun.at(-1) ?? last
    if (found === contentOf(next) && next > last) untold += 1
    expect([contentOf(last), contentOf(next)]).toContain(found)
    if (next > last) {
      expect(given.files.takeBack(`run/${next}`)).toMatchObject({ ok: true })
      expect(readFileSync(path, 'utf8')).toBe(contentOf(last))
    }
    expect(readdirSync(given.at('deep/er'))).toEqual(['file.txt'])
  }
  // Some were killed after the change, or nothing was shown.
  expect(untold).toBeGreaterThan(1)
}, 60_000)
