import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Finding, type Group } from './support/measure.ts'
import { environmentOf, makeHome, ownBinary } from './support/programs.ts'

const ROUNDS = 12
const POLL_MS = 2

/** The first start says who it is and stays; every other one says when it came, and ends. */
const SCRIPT = 'if [ -e pid ]; then date +%s%N > again; else echo $$ > pid.new; mv pid.new pid; exec sleep 60; fi'

/** How long it takes after `kill -9`, of the binary and of what it had started, until the step in flight starts again. */
export const resume: Group = { name: 'resume', measure }

async function measure(): Promise<readonly Finding[]> {
  const home = makeHome('resume', `[jobs.slow]\ncommand = ["sh", "-c", ${JSON.stringify(SCRIPT)}]\n`)
  const binary = ownBinary()
  return [
    await compare('from the start of the process until the step starts', ROUNDS, [
      { name: 'a new run', once: () => untilStarted(home, [binary, 'run', 'slow'], true) },
      {
        name: 'resuming a killed one',
        once: async () => {
          const runId = await killedRun(home, binary)
          return untilStarted(home, [binary, 'runs', 'resume', runId], false)
        },
      },
    ]),
  ]
}

/** The command itself says when it came: by the same clock, in nanoseconds. */
function untilStarted(home: string, argv: readonly string[], isNew: boolean): number {
  if (isNew) Bun.spawnSync(['touch', 'pid'], { cwd: home })
  const start = performance.timeOrigin + performance.now()
  const { exitCode, stderr } = Bun.spawnSync([...argv], { cwd: home, env: environmentOf(home), stdout: 'ignore' })
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr}`)
  const came = Number(readFileSync(join(home, 'again'), 'utf8')) / 1e6
  forget(home)
  return came - start
}

/** Starts a run, and kills it and its command once that runs. */
async function killedRun(home: string, binary: string): Promise<string> {
  forget(home)
  const options = { cwd: home, env: environmentOf(home), stdout: 'ignore', stderr: 'ignore' } as const
  const run = Bun.spawn([binary, 'run', 'slow'], options)
  const pidFile = join(home, 'pid')
  while (!existsSync(pidFile)) await Bun.sleep(POLL_MS)
  const child = Number(readFileSync(pidFile, 'utf8'))
  run.kill('SIGKILL')
  await run.exited
  process.kill(child, 'SIGKILL')
  while (existsSync(`/proc/${child}`)) await Bun.sleep(POLL_MS)
  const listed = Bun.spawnSync([binary, 'runs', 'list', '--status', 'interrupted', '--limit', '1', '--json'], {
    ...options,
    stdout: 'pipe',
  })
  const { runs } = JSON.parse(listed.stdout.toString()) as { readonly runs: readonly { readonly run: string }[] }
  const [last] = runs
  if (last === undefined) throw new Error('the killed run is not listed as interrupted')
  return last.run
}

function forget(home: string): void {
  for (const name of ['pid', 'again']) rmSync(join(home, name), { force: true })
}
