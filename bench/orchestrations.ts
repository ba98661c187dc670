import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ok } from '#base/result.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { orchestration } from '#workflows/orchestration.ts'
import { newRunId, openEngine, queuedRun } from './support/engine.ts'
import { compare, type Finding, figure, type Group } from './support/measure.ts'
import { makeHome, ownBinary, type Program, program } from './support/programs.ts'

const AGENTS = 200
const ROUNDS = 7
const LOOPS = 10_000
const EVERY = 2000
const NAMES = Array.from({ length: AGENTS }, (_, index) => `n${index + 1}`)

/** A fan-out of 200 agents, and a loop of 10,000 rounds. */
export const orchestrations: Group = { name: 'orchestrations', measure }

async function measure(): Promise<readonly Finding[]> {
  return [await fanOut(), await loop()]
}

async function fanOut(): Promise<Finding> {
  const home = makeHome('orchestrations', configuration())
  const replies = [...NAMES, 'last'].map((agent) => ({ agent, output: {} }))
  writeFileSync(join(home, 'script.json'), JSON.stringify({ replies }))
  const place = { home, directory: home, operations: AGENTS + 1 }
  const args = ['orchestration', 'run', 'fan', '--script', 'script.json', '--quiet']
  const contestants: readonly Program[] = [
    { ...place, name: 'as many jobs of true', argv: [ownBinary(), 'run', 'all'] },
    { ...place, name: 'scripted agents', argv: [ownBinary(), ...args] },
  ]
  return await compare(`${AGENTS} agents side by side, and one after them`, ROUNDS, contestants.map(program))
}

function configuration(): string {
  const node = (id: string, needs: readonly string[]) =>
    `[[orchestrations.fan.nodes]]\nid = "${id}"\nneeds = ${JSON.stringify(needs)}\nwith = { agent = "Scripted" }\n`
  const jobs = NAMES.map((name) => `[jobs.${name}]\ncommand = ["true"]\n`)
  return [
    '[agents.Scripted]\nbackend = "scripted"\n',
    ...NAMES.map((name) => node(name, [])),
    node('last', NAMES),
    ...jobs,
    `[jobs.all]\ncommand = ["true"]\nneeds = ${JSON.stringify(NAMES)}\n`,
  ].join('')
}

/** One node that is done until its condition holds, by an agent that costs nothing. */
async function loop(): Promise<Finding> {
  const looks: string[] = []
  let done = 0
  const run = async () => {
    if (done % EVERY === 0) looks.push(look(done))
    done += 1
    return ok({ writes: { count: done } })
  }
  const engine = await openEngine(makeHome('orchestrations-loop'), [orchestration], { agent: { run } })
  const start = performance.now()
  await engine.worker.begin(newRunId(), queuedRun('orchestration', looping()))
  looks.push(look(done))
  engine.close()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const title = `memory after so many rounds of a node (resident, heap in use), and the time of all`
  return figure(title, `${looks.join('; ')}; ${seconds} s`)
}

function looping(): OrchestrationInput {
  const until = { condition: `count >= ${LOOPS}`, limit: LOOPS }
  return {
    name: 'loop',
    choice: [],
    nodes: [{ id: 'count', kind: 'agent', needs: [], with: { agent: 'Count' }, until }],
    agents: [
      {
        name: 'Count',
        built_in: false,
        role: {
          instructions: '',
          version: 0,
          reads: ['count'],
          feedback: [],
          writes: ['count'],
          tools: [],
          output: 'context',
        },
        backend: 'command',
        limits: {},
        directory: '/',
        command: ['count'],
      },
    ],
    tasks: [],
    jobs: [],
    parallel: 2,
  }
}

/** After a collection, so that garbage that could go is not counted. */
function look(rounds: number): string {
  Bun.gc(true)
  const { rss, heapUsed } = process.memoryUsage()
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  return `${rounds}: ${mebibytes(rss)}, ${mebibytes(heapUsed)}`
}
