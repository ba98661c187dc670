import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Finding, figure, type Group } from './support/measure.ts'
import { fixture, installed, makeHome, ownBinary, type Program, program } from './support/programs.ts'

const JOBS = 1000
const ROUNDS = 9
const NUMBERS = Array.from({ length: JOBS }, (_, index) => `j${index + 1}`)

/** One run of 1,000 jobs that do nothing and one that needs them all, two at a time, as a whole process. */
export const manyJobs: Group = { name: 'many-jobs', measure }

async function measure(): Promise<readonly Finding[]> {
  const home = makeHome('many-jobs', configuration())
  writeFileSync(join(home, 'Makefile'), makefile())
  writeFileSync(join(home, 'justfile'), justfile())
  writeFileSync(join(home, 'Taskfile.yml'), taskfile())
  const place = { home, directory: home, operations: JOBS + 1 }
  const bare: Program = {
    ...place,
    name: 'compiled, spawns true as often',
    argv: [fixture('spawn-many'), 'true', String(JOBS + 1), '2'],
  }
  const own: Program = { ...place, name: 'orchastration run', argv: [ownBinary(), 'run', 'all', '--jobs', '2'] }
  const others = [
    { tool: 'make', name: 'make -j2', args: ['-s', '-j2', 'all'] },
    { tool: 'just', name: 'just, [parallel]', args: ['all'] },
    { tool: 'task', name: 'task, deps', args: ['-s', '-C', '2', 'all'] },
  ]
  const there: Program[] = []
  const missing: Finding[] = []
  for (const { tool, name, args } of others) {
    const path = installed(tool)
    if (path === undefined) missing.push(figure(`1,000 jobs by ${tool}`, 'not measured: not installed'))
    else there.push({ ...place, name, argv: [path, ...args] })
  }
  const compared = await compare('1,000 parallel jobs that do nothing', ROUNDS, [bare, own, ...there].map(program))
  return [compared, overBare(compared.samples), ...missing]
}

/** What a job costs beyond its process. */
function overBare(samples: Awaited<ReturnType<typeof compare>>['samples']): Finding {
  const [bare, own] = samples
  const each = (less = 0, more = 0) => `${((more - less) / (JOBS + 1)).toFixed(2)} ms`
  const value = `${each(bare?.minMs, own?.minMs)} (min), ${each(bare?.medianMs, own?.medianMs)} (median), ${each(bare?.cpuMs, own?.cpuMs)} of cpu`
  return figure('a job over its bare process', value)
}

function configuration(): string {
  const jobs = NUMBERS.map((name) => `[jobs.${name}]\ncommand = ["true"]\n`)
  return `${jobs.join('\n')}\n[jobs.all]\ncommand = ["true"]\nneeds = ${JSON.stringify(NUMBERS)}\n`
}

/** By its path, since make and Task take the bare word for a command of their own shell. */
const TRUE = '/usr/bin/true'

function makefile(): string {
  const rules = NUMBERS.map((name) => `${name}:\n\t@${TRUE}\n`)
  return `all: ${NUMBERS.join(' ')}\n\t@${TRUE}\n${rules.join('')}.PHONY: all ${NUMBERS.join(' ')}\n`
}

function justfile(): string {
  return `[parallel]\nall: ${NUMBERS.join(' ')}\n    @${TRUE}\n${NUMBERS.map((name) => `${name}:\n    @${TRUE}\n`).join('')}`
}

function taskfile(): string {
  const tasks = NUMBERS.map((name) => `  ${name}:\n    cmds: [${TRUE}]\n`)
  return `version: '3'\ntasks:\n  all:\n    deps: [${NUMBERS.join(', ')}]\n    cmds: [${TRUE}]\n${tasks.join('')}`
}
