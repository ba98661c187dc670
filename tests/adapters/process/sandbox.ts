import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Child, ChildSpec, ProcessPort } from '#activities/process-port.ts'
import { processes } from '#adapters/process/processes.ts'

export const onWindows = process.platform === 'win32'
export const notOnLinux = process.platform !== 'linux'

export const port: ProcessPort = processes({ platform: process.platform, ownPid: process.pid })

/** A directory of its own, a step of its own, and children that are shell scripts. */
export interface Sandbox {
  readonly directory: string
  readonly step: string
  path(name: string): string
  read(name: string): string
  /** Writes an executable file. */
  program(name: string, content: string, mode?: number): string
  spec(script: string, change?: Partial<ChildSpec>): ChildSpec
  start(script: string, change?: Partial<ChildSpec>): Promise<Child>
  /** The pid that a script wrote as `echo $$ > name`. */
  pid(name: string): Promise<number>
  remove(): void
}

let sandboxes = 0

export function sandbox(): Sandbox {
  const directory = mkdtempSync(join(tmpdir(), 'orchastration-process-'))
  sandboxes += 1
  const step = `test-${process.pid}-${sandboxes}/1`
  const path = (name: string) => join(directory, name)
  const read = (name: string) => readFileSync(path(name), 'utf8')
  const spec = (script: string, change: Partial<ChildSpec> = {}): ChildSpec => ({
    argv: ['/bin/sh', '-c', script],
    directory,
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    stdoutPath: path('stdout'),
    stderrPath: path('stderr'),
    mark: { step, notePath: path('note') },
    ...change,
  })
  return {
    directory,
    step,
    path,
    read,
    spec,
    program: (name, content, mode = 0o755) => {
      writeFileSync(path(name), content, { mode })
      return path(name)
    },
    start: async (script, change) => {
      const started = await port.start(spec(script, change))
      if (!started.ok) throw new Error(`not started: ${JSON.stringify(started.error)}`)
      return started.value
    },
    pid: async (name) => {
      await until(() => existsSync(path(name)) && read(name).endsWith('\n'), `${name} is written`)
      return Number(read(name))
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Waits for a fact, and fails if it does not come. */
export async function until(fact: () => boolean, name: string): Promise<void> {
  for (const deadline = performance.now() + 30_000; !fact(); ) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${name}`)
    await Bun.sleep(5)
  }
}

/** By other means than those under test. */
export function lives(pid: number): boolean {
  const state = stateOf(pid)
  return state !== '' && !state.startsWith('Z')
}

export function stateOf(pid: number): string {
  return Bun.spawnSync(['ps', '-o', 'stat=', '-p', String(pid)])
    .stdout.toString()
    .trim()
}

/** Ends what a test left behind, found by working directory, and says how many there were; Linux only. */
export function endForgotten(box: Sandbox): number {
  const forgotten = livingIn(box)
  for (const pid of forgotten) process.kill(pid, 'SIGKILL')
  return forgotten.length
}

/** The processes that run in the box's directory. */
export function livingIn(box: Sandbox): readonly number[] {
  if (notOnLinux) return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isWithin(pid, box.directory) && lives(pid))
}

function isWithin(pid: number, directory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
  } catch {
    return false
  }
}
