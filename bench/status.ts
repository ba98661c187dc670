import { fillStore } from './support/big-store.ts'
import { compare, type Finding, figure, type Group } from './support/measure.ts'
import { makeHome, ownBinary, program } from './support/programs.ts'

const ROUNDS = 25
const RUNS = Number(process.env['BENCH_RUNS'] ?? 1_000_000)

/** What the questions that people ask all day cost over a store with very many runs in it. */
export const status: Group = { name: 'status', measure }

async function measure(): Promise<readonly Finding[]> {
  const jobs = Array.from({ length: 50 }, (_, index) => `[jobs.job${index}]\ncommand = ["true"]\n`).join('\n')
  const small = makeHome('few-runs', jobs)
  const big = makeHome('many-runs-recorded', jobs)
  await fillStore(small, { runs: 100, shape: 'short' })
  const start = performance.now()
  const filled = await fillStore(big, { runs: RUNS, shape: 'short' })
  const rate = Math.round((filled.events * 1000) / (performance.now() - start))
  const binary = ownBinary()
  const ask = (words: readonly string[], home: string, runs: string) =>
    program({ name: `${words.join(' ')}, ${runs} runs`, argv: [binary, ...words], home })
  const questions = [
    ['status'],
    ['runs', 'list'],
    ['runs', 'list', '--job', 'job7'],
    ['runs', 'list', '--status', 'failed'],
  ]
  const runs = filled.runs.toLocaleString('en-US')
  const found: Finding[] = []
  for (const words of questions) {
    found.push(await compare(words.join(' '), ROUNDS, [ask(words, small, '120'), ask(words, big, runs)]))
  }
  return [figure('events a second while the store was filled', rate.toLocaleString('en-US')), ...found]
}
