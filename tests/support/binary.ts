import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The program under test, as people get it. `ORCHASTRATION_BINARY` names another one, such as one with a planted fault. */
const binary =
  process.env['ORCHASTRATION_BINARY'] ?? fileURLToPath(new URL('../../dist/orchastration', import.meta.url))

/** What is tested here is a POSIX binary with POSIX jobs. */
export const onWindows = process.platform === 'win32'
/** Where processes can be found by their environment, and memory be read. */
export const onLinux = process.platform === 'linux'
export const isRoot = process.getuid?.() === 0

/** The variable that everything started by a test inherits; by it a leak is found. */
const MARK = 'ORCHASTRATION_E2E'

/** A small and empty world: nothing of the developer's environment reaches the binary. */
export function bareEnvironment(home: string, mark: string): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, TMPDIR: '/tmp', [MARK]: mark }
}

export function requireBinary(): string {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: build it first, with bun scripts/build.ts`)
  return binary
}

export interface FoundProcess {
  readonly pid: number
  readonly command: string
}

/** The living processes with this variable in their environment; none where there is no /proc. */
export function processesWith(name: string, value: string): readonly FoundProcess[] {
  if (!onLinux) return []
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && `\0${read(pid, 'environ')}`.includes(`\0${name}=${value}\0`) && lives(pid))
    .map((pid) => ({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
}

/** All that a test with this mark has left running. */
export function leftRunning(mark: string): readonly FoundProcess[] {
  return processesWith(MARK, mark)
}

/** Whether a process is there and no zombie. */
export function lives(pid: number): boolean {
  if (!onLinux) {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  const stat = read(pid, 'stat')
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
