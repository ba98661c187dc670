// Kills each fixed program before every step it takes, and twice: `bun tests/simulation/crash.ts [--pairs 400]`.
import { parseArgs } from 'node:util'
import { CASES, type CameOut, type Case, execute } from './crash-everywhere.ts'
import { openSimStore, type SimStore } from './store.ts'
import { text } from './world.ts'

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '200' } } })
const pairs = Number(values.pairs)

process.exitCode = await runCases()

async function runCases(): Promise<number> {
  const store = await openSimStore()
  for (const one of CASES) {
    try {
      const { steps, crashes } = await killEverywhere(store, one)
      console.log(`${one.name}: ${steps} steps, ${crashes} histories with crashes came out the same`)
    } catch (error) {
      store.close()
      console.log(`${one.name}: ${error instanceof Error ? error.message : error}`)
      return 1
    }
  }
  store.close()
  return 0
}

async function killEverywhere(store: SimStore, one: Case): Promise<{ steps: number; crashes: number }> {
  const whole = await execute(store, one, [])
  let crashes = 0
  for (let at = 0; at < whole.steps; at++) {
    await compare(store, { one, whole, at: [at] })
    crashes += 1
  }
  // Two deaths, spread evenly over all pairs of steps.
  for (let pair = 0; pair < pairs; pair++) {
    const first = Math.floor((pair * whole.steps) / pairs)
    const second = first + 1 + ((pair * 7) % 40)
    await compare(store, { one, whole, at: [first, second] })
    crashes += 1
  }
  return { steps: whole.steps, crashes }
}

async function compare(
  store: SimStore,
  { one, whole, at }: { readonly one: Case; readonly whole: CameOut; readonly at: readonly number[] },
): Promise<void> {
  const found = await execute(store, one, at).catch((error: unknown) => {
    throw new Error(`killed before ${at.join(' and ')}: ${error instanceof Error ? error.stack : error}`, {
      cause: error,
    })
  })
  if (!found.crashed) throw new Error(`no crash before ${at.join(' and ')}`)
  if (text(found.end) !== text(whole.end))
    throw new Error(`killed before ${at.join(' and ')}: ${text(found.end)}, and uncrashed ${text(whole.end)}`)
}
