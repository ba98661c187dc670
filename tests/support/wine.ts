import { spawnSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FoundProcess, processesWith } from './binary.ts'
import { hasRuntime, hasTool, type Outcome } from './checkout.ts'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const COMPILER = 'x86_64-w64-mingw32-gcc'
const LIBRARY = 'bcryptprimitives.dll'

/** What is missing here to run the binary for Windows; undefined where nothing is. */
export function missingForWine(): string | undefined {
  if (!hasTool('wine')) return 'wine is not installed'
  if (!hasTool(COMPILER)) return `${COMPILER} is not installed`
  if (!hasRuntime('bun-windows-x64')) return 'scripts/build-windows.sh never fetched Bun for Windows'
  return undefined
}

/** A Windows of its own: an empty drive, one user, and a directory to stand in. */
export class WineMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'orchastration-wine-'))
  readonly prefix = join(this.root, 'prefix')
  /** With blanks and letters beyond ASCII, as people's folders have. */
  readonly directory = join(this.root, 'my projects', 'größer')
  readonly #program = join(this.root, 'program files', 'orchastration.exe')
  readonly #tools = join(this.root, 'tools')
  readonly #env = {
    PATH: '/usr/bin:/bin',
    HOME: this.root,
    WINEPREFIX: this.prefix,
    WINEPATH: `Z:${this.#tools.replaceAll('/', '\\')}`,
    // Else wine tells about itself on standard error, asks for add-ons, and reads file names as ASCII.
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree=;mshtml=',
    LC_ALL: 'C.UTF-8',
  }

  constructor() {
    mkdirSync(this.directory, { recursive: true })
    mkdirSync(dirname(this.#program))
    mkdirSync(this.#tools)
    must(process.execPath, ['scripts/build.ts', 'windows-amd64'])
    copyFileSync(join(TOP, 'dist/windows-amd64/orchastration.exe'), this.#program)
    const library = join(dirname(this.#program), LIBRARY)
    must(COMPILER, ['-shared', '-O2', '-o', library, 'tests/fixtures/process-prng.c', '-ladvapi32'])
    this.#wine(['wineboot', '--init'])
  }

  write(name: string, text: string): void {
    const path = join(this.directory, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  /** Adds a program to a folder of its path. */
  addTool(name: string, text: string): void {
    writeFileSync(join(this.#tools, name), text)
  }

  run(args: readonly string[]): Outcome {
    return this.#wine([this.#program, ...args])
  }

  /** Starts the binary, and is done when it has ended. */
  async start(args: readonly string[]): Promise<void> {
    const stdio = ['ignore', 'ignore', 'ignore'] as const
    await Bun.spawn(['wine', this.#program, ...args], { cwd: this.directory, env: this.#env, stdio: [...stdio] }).exited
  }

  /** The user's folder for data that stays on this machine. */
  get localData(): string {
    const users = join(this.prefix, 'drive_c/users')
    const user = readdirSync(users).find((name) => name !== 'Public') ?? ''
    return join(users, user, 'AppData/Local/orchastration')
  }

  /** A process that runs on it, by its command line. */
  find(line: RegExp): FoundProcess | undefined {
    return processesWith('WINEPREFIX', this.prefix).find(({ command }) => line.test(command))
  }

  remove(): void {
    this.#wine(['wineboot', '--kill'])
    rmSync(this.root, { recursive: true, force: true })
  }

  #wine(args: readonly string[]): Outcome {
    // Into files: a pipe would stay open for as long as wine's own servers, which begin with the first program.
    const files = { stdout: join(this.root, 'stdout'), stderr: join(this.root, 'stderr') }
    const [stdout, stderr] = [openSync(files.stdout, 'w'), openSync(files.stderr, 'w')]
    const { status } = spawnSync('wine', args, {
      cwd: this.directory,
      env: this.#env,
      stdio: ['ignore', stdout, stderr],
    })
    closeSync(stdout)
    closeSync(stderr)
    return { stdout: readFileSync(files.stdout, 'utf8'), stderr: readFileSync(files.stderr, 'utf8'), exit: status }
  }
}

function must(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd: TOP, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}
