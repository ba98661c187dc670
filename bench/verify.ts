import { fillStore } from './support/big-store.ts'
import { compare, type Finding, type Group } from './support/measure.ts'
import { makeHome, ownBinary, program } from './support/programs.ts'

const ROUNDS = 5
const RUNS = 80_000

/** How many events a second `verify` checks: the chain, the checkpoints, the projections and the file itself. */
export const verify: Group = { name: 'verify', measure }

async function measure(): Promise<readonly Finding[]> {
  const home = makeHome('verify')
  const { events } = await fillStore(home, { runs: RUNS, shape: 'whole' })
  const binary = ownBinary()
  const scale = { home, operations: events }
  return [
    await compare(`verify of ${events.toLocaleString('en-US')} events`, ROUNDS, [
      program({
        name: 'sha256sum of the store',
        argv: ['sha256sum', '.local/state/orchastration/store.db'],
        directory: home,
        ...scale,
      }),
      program({ name: 'orchastration verify', argv: [binary, 'verify'], ...scale }),
    ]),
  ]
}
