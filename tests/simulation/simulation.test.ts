import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('run.ts', import.meta.url))
/** As many as two slow cores manage in a minute; `run.ts` takes on millions. */
const SEEDS_EACH = 1500

describe('the engine over its real journal', () => {
  test('keeps its promises in thousands of histories, and says how many seeds those were', async () => {
    const shards = await Promise.all([1, 2].map((from) => simulation(['--from', `${from}`, '--every', '2'])))
    for (const { output, code } of shards) expect.soft(code, output.slice(-20_000)).toBe(0)
    console.log(shards.map(({ output }) => output.trim()).join('\n'))
  }, 300_000)

  test('has the same history for the same seed, event by event', async () => {
    const seeds = ['--from', '700', '--seeds', '12', '--verbose']
    const [first, second] = await Promise.all([simulation(seeds), simulation(seeds)])
    expect(first.code).toBe(0)
    expect(first.output.length).toBeGreaterThan(10_000)
    expect(histories(first.output)).toEqual(histories(second.output))
  })
})

/** All but the last line, which says how long it took. */
function histories(output: string): readonly string[] {
  return output.trim().split('\n').slice(0, -1)
}

async function simulation(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  // A process of its own: the histories take a core each, and nothing of a test runner shares their event loop.
  const child = spawn(process.execPath, [PROGRAM, '--seeds', `${SEEDS_EACH}`, ...args], { stdio: 'pipe' })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output }
}
