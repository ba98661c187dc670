import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Finding, figure, type Group } from './support/measure.ts'
import { installed, makeHome, ownBinary, type Program, program } from './support/programs.ts'

const FOLDERS = 100
const FILES_EACH = 100
const ROUNDS = 20
/** Nothing of what was just written may be so young that it is doubted. */
const SETTLING_MS = 2500

/** The look at 10,000 inputs of a job that is up to date, as a whole process. */
export const upToDate: Group = { name: 'up-to-date', measure }

async function measure(): Promise<readonly Finding[]> {
  const home = makeHome('up-to-date', CONFIG)
  makeTree(home)
  const binary = ownBinary()
  const place = { home, directory: home }
  const task = installed('task')
  const make = installed('make')
  const own = (name: string, job: string, ...args: readonly string[]): Program => ({
    name,
    argv: [binary, 'run', job, ...args],
    ...place,
  })
  const programs: readonly Program[] = [
    own('orchastration run of a job without inputs', 'plain'),
    own('orchastration, 10,000 inputs up to date', 'check'),
    own('orchastration --force, 10,000 inputs read', 'check', '--force'),
    ...(make === undefined ? [] : [{ name: 'make -r, by time', argv: [make, '-r', 'check'], ...place } as const]),
    ...(task === undefined ? [] : goTask(task, place)),
  ]
  // Everybody has looked once, and what is remembered of files is no younger than it must be.
  for (const { argv } of programs) Bun.spawnSync([...argv], { cwd: home, env: { HOME: home, PATH: '/usr/bin:/bin' } })
  await Bun.sleep(SETTLING_MS)
  const found = await compare('up to date: 10,000 inputs in 100 directories', ROUNDS, programs.map(program))
  const missing = [make === undefined ? 'make' : '', task === undefined ? 'task' : ''].filter((name) => name !== '')
  return [found, ...missing.map((tool) => figure(`up to date by ${tool}`, 'not measured: not installed'))]
}

function goTask(task: string, place: { readonly home: string; readonly directory: string }): readonly Program[] {
  return [
    { name: 'go-task, by content', argv: [task, 'check'], ...place },
    { name: 'go-task, by time', argv: [task, 'check-time'], ...place },
  ]
}

const CONFIG = `[jobs.check]
command = ["touch", "done"]
inputs = ["tree/**/*.ts"]
outputs = ["done"]

[jobs.plain]
command = ["true"]
`

const TASKFILE = `version: '3'
tasks:
  check:
    sources: ['tree/**/*.ts']
    generates: [done]
    cmds: [touch done]
  check-time:
    method: timestamp
    sources: ['tree/**/*.ts']
    generates: [done]
    cmds: [touch done]
`

function makeTree(directory: string): void {
  for (let folder = 0; folder < FOLDERS; folder++) {
    const path = join(directory, 'tree', `folder-${folder}`)
    mkdirSync(path, { recursive: true })
    for (let file = 0; file < FILES_EACH; file++) {
      writeFileSync(join(path, `file-${file}.ts`), `export const value${file} = ${folder}\n`.repeat(20))
    }
  }
  writeFileSync(join(directory, 'Taskfile.yml'), TASKFILE)
  writeFileSync(
    join(directory, 'Makefile'),
    'done: $(wildcard tree/*/*.ts)\n\ttouch done\n\n.PHONY: check\ncheck: done\n',
  )
}
