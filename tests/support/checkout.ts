import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const RUNTIMES = join(TOP, 'build/runtimes')

/** How a process ended. */
export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number | null
}

interface Surroundings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a tool to its end, in an environment that holds nothing of the developer's. */
export function runTool(command: readonly string[], { cwd, env = {} }: Surroundings): Outcome {
  const [program = '', ...args] = command
  const { stdout, stderr, status } = spawnSync(program, args, {
    cwd,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: cwd, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return { stdout, stderr, exit: status }
}

/** Whether a tool is installed here. */
export function hasTool(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0
}

/** Whether Bun for another system was fetched before; tests themselves fetch nothing. */
export function hasRuntime(name: string): boolean {
  return (
    existsSync(RUNTIMES) && readdirSync(RUNTIMES).some((file) => file.startsWith(`${name}-`) && file.endsWith('.tgz'))
  )
}

/** A clone of the sources as they are now, in another directory, with one commit that is the same wherever it is made. */
export class Checkout {
  readonly path: string
  readonly #home: string

  constructor(path: string) {
    this.path = path
    this.#home = `${path}.home`
    mkdirSync(this.#home, { recursive: true })
    const listed = runTool(['git', 'ls-files', '-co', '--exclude-standard', '-z'], { cwd: TOP })
    for (const file of listed.stdout.split('\0').filter((each) => each !== '' && existsSync(join(TOP, each)))) {
      mkdirSync(dirname(join(path, file)), { recursive: true })
      copyFileSync(join(TOP, file), join(path, file))
    }
    this.#commit()
    this.#install()
  }

  /** Runs one of its scripts with its own Bun. */
  script(args: readonly string[], { umask = '022', env = {} }: { umask?: string; env?: Record<string, string> } = {}) {
    const words = ['sh', '-c', `umask ${umask}; exec "$0" "$@"`, join(this.path, 'node_modules/bun/bin/bun.exe')]
    return runTool([...words, ...args], { cwd: this.path, env: { HOME: this.#home, ...env } })
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
    rmSync(this.#home, { recursive: true, force: true })
  }

  #commit(): void {
    const date = '2026-01-02T03:04:05Z'
    const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_CONFIG_NOSYSTEM: '1' }
    const who = ['-c', 'user.name=tests', '-c', 'user.email=tests@example.invalid', '-c', 'commit.gpgsign=false']
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      [...who, 'commit', '-qm', 'Sources'],
    ]) {
      const { exit, stderr } = runTool(['git', ...args], { cwd: this.path, env })
      if (exit !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
    }
  }

  /** As after `npm ci`, with the runtimes that were fetched before; links, since that is 220 MB. */
  #install(): void {
    const modules = join(this.path, 'node_modules')
    const from = realpathSync(join(TOP, 'node_modules'))
    if (runTool(['cp', '-al', from, modules], { cwd: TOP }).exit !== 0) {
      rmSync(modules, { recursive: true, force: true })
      runTool(['cp', '-a', from, modules], { cwd: TOP })
    }
    mkdirSync(join(this.path, 'build/runtimes'), { recursive: true })
    for (const file of existsSync(RUNTIMES) ? readdirSync(RUNTIMES) : []) {
      if (file.endsWith('.tgz')) linkSync(join(RUNTIMES, file), join(this.path, 'build/runtimes', file))
    }
  }
}
