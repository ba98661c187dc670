import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Finding, figure, type Group } from './support/measure.ts'
import {
  environmentOf,
  fixture,
  installed,
  makeHome,
  ownBinary,
  type Program,
  program,
  WORKSHOP,
} from './support/programs.ts'

const ROUNDS = 60
const MIB = ['head', '-c', '1048576', '/dev/zero'] as const
const CONFIG = `[jobs.yes]\ncommand = ["true"]\n\n[jobs.mib]\ncommand = ${JSON.stringify(MIB)}\n`

/** What a run costs beyond its command: `run` against an empty program and one that only starts the same command. */
export const runJob: Group = { name: 'run-job', measure }

async function measure(): Promise<readonly Finding[]> {
  const binary = ownBinary()
  const home = makeHome('run-job', CONFIG)
  const spawn = fixture('spawn')
  const bare = (name: string, argv: readonly string[]): Program => ({ name, argv: [spawn, ...argv] })
  const run = (job: string): Program => ({ name: `orchastration run ${job}`, argv: [binary, 'run', job], home })
  return [
    await compare('run of true', ROUNDS, [bare('compiled, spawns true', ['true']), run('yes'), empty()].map(program)),
    await compare(
      'run of a job that prints 1 MiB',
      ROUNDS,
      [bare('compiled, spawns head', MIB), run('mib'), empty()].map(program),
    ),
    ...['yes', 'mib'].map((job) => syncs(job, [binary, 'run', job], home)),
  ]
}

function empty(): Program {
  return { name: 'empty binary', argv: [fixture('empty')] }
}

/** The syncs of one run, by the file they are for. */
function syncs(job: string, argv: readonly [string, ...string[]], home: string): Finding {
  const title = `syncs of a run of ${job}`
  const strace = installed('strace')
  if (strace === undefined) return figure(title, 'not counted: strace is not installed')
  const log = join(WORKSHOP, `strace-${job}`)
  const { status } = spawnSync(strace, ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', log, ...argv], {
    env: environmentOf(home),
    stdio: 'ignore',
  })
  if (status !== 0) return figure(title, 'not counted: strace may not trace here')
  const files = readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((line) => /f(?:data)?sync\(\d+<([^>]*)>/.exec(line)?.[1] ?? [])
    .map((path) => path.replace(`${home}/`, ''))
  return figure(title, `${files.length}: ${files.join(', ')}`)
}
