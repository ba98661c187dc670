import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Finding, figure, type Group } from './support/measure.ts'
import {
  canDropCaches,
  dropCaches,
  fixture,
  installed,
  makeHome,
  ownBinary,
  type Program,
  program,
} from './support/programs.ts'

const JOBS = 50
const WARM_ROUNDS = 60
const COLD_ROUNDS = 8

/** How long it takes to say something: the version, and the jobs of a configuration of 50. */
export const startUp: Group = { name: 'start-up', measure }

async function measure(): Promise<readonly Finding[]> {
  const programs = contestants()
  const names = new Set(programs.map(({ name }) => name))
  const missing = ['make', 'just', 'task'].filter((tool) => ![...names].some((name) => name.startsWith(tool)))
  const warm = await compare('start-up, warm', WARM_ROUNDS, programs.map(program))
  const notes = missing.map((tool) => figure(`start-up of ${tool}`, 'not measured: not installed'))
  return [warm, ...notes, await coldStart(programs)]
}

async function coldStart(programs: readonly Program[]): Promise<Finding> {
  if (!canDropCaches()) return figure('start-up, cold', 'not measured: the caches cannot be dropped')
  const cold = programs.map((one) => program({ ...one, prepare: dropCaches }))
  return await compare('start-up, cold: caches dropped before each', COLD_ROUNDS, cold)
}

function contestants(): readonly Program[] {
  const binary = ownBinary()
  const home = makeHome('start-up', configuration())
  return [
    { name: 'empty binary', argv: [fixture('empty')] },
    { name: 'orchastration --version', argv: [binary, '--version'], home },
    { name: 'orchastration list', argv: [binary, 'list'], home },
    { name: 'orchastration --help', argv: [binary, '--help'], home },
    ...others(home),
  ]
}

/** Runners of the same size: the same number of jobs, listed or named. */
function others(home: string): readonly Program[] {
  const numbers = Array.from({ length: JOBS }, (_, index) => index + 1)
  const write = (file: string, text: string) => writeFileSync(join(home, file), text)
  write('Makefile', numbers.map((number) => `job${number}:\n\t@echo ${number}\n`).join(''))
  write('justfile', numbers.map((number) => `# job number ${number}\njob${number}:\n    echo ${number}\n`).join('\n'))
  const tasks = numbers.map((number) => `  job${number}:\n    desc: job number ${number}\n    cmds: [echo ${number}]\n`)
  write('Taskfile.yml', `version: '3'\ntasks:\n${tasks.join('')}`)
  const make = installed('make')
  const just = installed('just')
  const task = installed('task')
  const place = { home, directory: home }
  return [
    ...(make === undefined ? [] : [{ name: 'make --version', argv: [make, '--version'], ...place } as const]),
    ...(make === undefined ? [] : [{ name: 'make -n job1', argv: [make, '-n', 'job1'], ...place } as const]),
    ...(just === undefined ? [] : [{ name: 'just --version', argv: [just, '--version'], ...place } as const]),
    ...(just === undefined ? [] : [{ name: 'just --list', argv: [just, '--list'], ...place } as const]),
    ...(task === undefined ? [] : [{ name: 'task --version', argv: [task, '--version'], ...place } as const]),
    ...(task === undefined ? [] : [{ name: 'task --list', argv: [task, '--list'], ...place } as const]),
  ]
}

function configuration(): string {
  const job = (number: number) =>
    `[jobs.job${number}]\ndescription = "job number ${number}"\ncommand = ["echo", "${number}"]\n`
  return Array.from({ length: JOBS }, (_, index) => job(index + 1)).join('\n')
}
