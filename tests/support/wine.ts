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

  constructor() {
    mkdirSync(this.directory, { recursive: true })
    mkdirSync(dirname(this.#program))
    must(process.execPath, ['scripts/build.ts', 'windows-amd64'])
    copyFileSync(join(TOP, 'dist/windows-amd64/orchastration.exe'), this.#program)
    const library = join(dirname(this.#program), LIBRARY)
    must(COMPILER, ['-shared', '-O2', '-o', library, 'tests/fixtures/process-prng.c', '-ladvapi32'])
    this.#wine(['wineboot', '--init'])
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text)
  }

  run(args: readonly string[]): Outcome {
    return this.#wine([this.#program, ...args])
  }

  /** The user's folder for data that stays on this machine. */
  get localData(): string {
    const users = join(this.prefix, 'drive_c/users')
    const user = readdirSync(users).find((name) => name !== 'Public') ?? ''
    return join(users, user, 'AppData/Local/orchastration')
  }

  /** What runs on it, by the words it was started with. */
  get processes(): readonly FoundProcess[] {
    return processesWith('WINEPREFIX', this.prefix)
  }

  remove(): void {
    this.#wine(['wineboot', '--kill'])
    rmSync(this.root, { recursive: true, force: true })
  }

  #wine(args: readonly string[]): Outcome {
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: this.root,
      WINEPREFIX: this.prefix,
      // Else wine tells about itself on standard error, asks for add-ons, and reads file names as ASCII.
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree=;mshtml=',
      LC_ALL: 'C.UTF-8',
    }
    // Into files: a pipe would stay open for as long as wine's own servers, which begin with the first program.
    const files = { stdout: join(this.root, 'stdout'), stderr: join(this.root, 'stderr') }
    const [stdout, stderr] = [openSync(files.stdout, 'w'), openSync(files.stderr, 'w')]
    const { status } = spawnSync('wine', args, { cwd: this.directory, env, stdio: ['ignore', stdout, stderr] })
    closeSync(stdout)
    closeSync(stderr)
    return { stdout: readFileSync(files.stdout, 'utf8'), stderr: readFileSync(files.stderr, 'utf8'), exit: status }
  }
}

function must(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd: TOP, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}
