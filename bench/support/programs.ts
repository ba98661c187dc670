import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contestant } from './measure.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A directory of this run of the benchmarks, on the disk that the system's temporary files lie on. */
export const WORKSHOP = mkdtempSync(join(tmpdir(), 'orchastration-bench-'))
process.on('exit', () => rmSync(WORKSHOP, { recursive: true, force: true }))

/** A copy of the binary as it is built now, so that another build does not change it half way. */
export function ownBinary(): string {
  const built = join(ROOT, 'dist', 'orchastration')
  if (!existsSync(built)) throw new Error(`${built} is missing: build it first, by scripts/build.ts`)
  return copyOnce(built, 'orchastration')
}

/** One of bench/fixtures, compiled as the binary is. */
export function fixture(name: string): string {
  const out = join(WORKSHOP, name)
  if (existsSync(out)) return out
  const runtime = join(ROOT, 'build', `bun-linux-${process.arch}`)
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['build', '--compile', '--minify', '--bytecode', '--format=esm', '--splitting'],
      ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
      ...(existsSync(runtime) ? [`--compile-executable-path=${runtime}`] : []),
      ...[join(ROOT, 'bench', 'fixtures', `${name}.ts`), '--outfile', out],
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`${name} cannot be compiled: ${stderr}`)
  return out
}

function copyOnce(from: string, name: string): string {
  const to = join(WORKSHOP, name)
  if (!existsSync(to)) copyFileSync(from, to)
  return to
}

/** Where a program lies, or nothing where it is not installed. */
export function installed(program: string): string | undefined {
  return Bun.which(program) ?? undefined
}

/** A home of its own for a measured program, with a configuration where one is given. */
export function makeHome(name: string, config?: string): string {
  const home = join(WORKSHOP, name)
  const folder = join(home, '.config', 'orchastration')
  mkdirSync(folder, { recursive: true })
  if (config !== undefined) writeFileSync(join(folder, 'config.toml'), config)
  return home
}

export interface Program {
  readonly name: string
  readonly argv: readonly [string, ...string[]]
  readonly home?: string
  readonly directory?: string
  readonly operations?: number
  /** Called before each time and not counted. */
  readonly prepare?: (() => void) | undefined
}

/** A whole process, from its start until it has ended. It must end well: what fails is not measured. */
export function program({
  name,
  argv,
  home = WORKSHOP,
  directory = WORKSHOP,
  operations,
  prepare,
}: Program): Contestant {
  const env = environmentOf(home)
  const once = () => {
    prepare?.()
    const start = performance.now()
    const { exitCode, stderr, resourceUsage } = Bun.spawnSync([...argv], {
      cwd: directory,
      env,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    })
    const ms = performance.now() - start
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr}`)
    return { ms, cpuMs: Number(resourceUsage.cpuTime.total) / 1000 }
  }
  return { name, once, ...(operations !== undefined && { operations }) }
}

/** As little as a program needs, so that the caller's variables are no part of what is measured. */
export function environmentOf(home: string): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home }
}

/** Forgets what is cached of files, which only root may ask for. */
export function dropCaches(): void {
  spawnSync('sync')
  writeFileSync('/proc/sys/vm/drop_caches', '3')
}

export function canDropCaches(): boolean {
  try {
    dropCaches()
    return true
  } catch {
    return false
  }
}
