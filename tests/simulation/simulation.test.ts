import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** As many as two slow cores manage in a minute; `run.ts` takes on millions. */
const SEEDS_EACH = 1500

describe('the engine over its real journal', () => {
  test('keeps its promises in thousands of histories, and says how many seeds those were', async () => {
    const shards = await Promise.all(
      [1, 2].map((from) => run('run.ts', ['--seeds', `${SEEDS_EACH}`, '--from', `${from}`, '--every', '2'])),
    )
    for (const { output, code } of shards) expect.soft(code, output.slice(-20_000)).toBe(0)
    console.log(shards.map(({ output }) => output.trim()).join('\n'))
  }, 300_000)

  test('has the same history for the same seed, event by event', async () => {
    const seeds = ['--from', '700', '--seeds', '12', '--verbose']
    const [first, second] = await Promise.all([run('run.ts', seeds), run('run.ts', seeds)])
    expect(first.code).toBe(0)
    expect(first.output.length).toBeGreaterThan(10_000)
    expect(histories(first.output)).toEqual(histories(second.output))
  })

  test('brings a run to the same end wherever its process is killed, once and twice', async () => {
    const { code, output } = await run('crash.ts', ['--pairs', '100'])
    expect(code, output).toBe(0)
    expect(output.match(/came out the same/g)).toHaveLength(14)
  }, 300_000)
})

/** All but the last line, which says how long it took. */
function histories(output: string): readonly string[] {
  return output.trim().split('\n').slice(0, -1)
}

/** A process of its own: histories take a core each, and nothing of a test runner may share their event loop. */
async function run(
  script: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: 'pipe' })
  let output = ''
  const keep = (chunk: unknown) => {
    output += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output }
}
