import * as z from 'zod/mini'
import type { ChildSpec } from '#activities/process-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Environment, Platform, ProcessEntry } from './platform.ts'
import { type Kernel, openKernel } from './windows-kernel.ts'

/**
 * Windows, by its kernel's own calls; where Bun cannot make them, by CIM and taskkill, which take far longer. Start times
 * are dates in milliseconds.
 *
 * What cannot be done here: other processes' environments cannot be read, so a child whose owner died between start
 * and note is not found, nor a descendant whose parents between it and the child are gone. Console programs know no
 * TERM, so the first signal already ends a process, by force, and everything it started.
 */
export const windows: Platform = {
  hasTerminals: false,
  findProgram,
  environment,
  startTolerance: 2000,
  bootId: () => '',
  startOf: () => Date.now(),
  list: async () => {
    kernel ??= (await openKernel()) ?? 'none'
    return kernel === 'none' ? listByCim() : kernel.list()
  },
  isGroupAlive: () => false,
  // Whoever ends processes has listed them before, so the kernel is there if it can be.
  signal: (pid, signal) => {
    if (pid <= 0 || signal === 'SIGCONT') return
    if (kernel !== undefined && kernel !== 'none') return kernel.end(pid)
    Bun.spawnSync(['taskkill.exe', '/T', '/F', '/PID', String(pid)], { windowsHide: true })
  },
}

/**
 * Searches the child's own PATH with the endings of PATHEXT, so that `npm` is `npm.cmd`, which Bun.spawn does not find by
 * itself. The working directory is searched only for who writes `.\`: a foreign project must not bring its own `git`.
 */
function findProgram({ argv: [program], environment: variables, directory }: ChildSpec): Result<string, Failure> {
  const [, path = ''] = Object.entries(variables).findLast(([name]) => name.toUpperCase() === 'PATH') ?? []
  const found = Bun.which(program, { PATH: path, cwd: directory })
  return found === null ? err({ code: 'program_missing', program }) : ok(found)
}

/** Windows does not tell Path from PATH, and gives a child that has both the first; of two, the one set last must count. */
function environment(variables: Environment): Environment {
  const names = new Map(Object.keys(variables).map((name) => [name.toUpperCase(), name]))
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.get(name.toUpperCase()) === name))
}

let kernel: Kernel | 'none' | undefined

async function listByCim(): Promise<readonly ProcessEntry[]> {
  const list = Bun.spawn(['powershell.exe', '-NoProfile', '-NonInteractive', '-Command', QUERY], {
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  })
  return listed(await new Response(list.stdout).text())
}

const QUERY = `
[Console]::OutputEncoding = [Text.Encoding]::UTF8
ConvertTo-Json -Compress @(Get-CimInstance Win32_Process | Where-Object CreationDate | ForEach-Object { @{
  pid = $_.ProcessId; parent = $_.ParentProcessId; name = $_.Name; command = $_.CommandLine
  started = ([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds()
} })`

const Rows = z.array(
  z.object({
    pid: z.int(),
    parent: z.int(),
    started: z.number(),
    name: z.string(),
    command: z.nullable(z.string()),
  }),
)

/** Reads what the query printed. */
export function listed(output: string): readonly ProcessEntry[] {
  return z.parse(Rows, JSON.parse(output)).map(({ name, command, ...row }) => ({
    ...row,
    program: name,
    group: 0,
    session: 0,
    stopped: false,
    marked: false,
    command: () => command ?? name,
  }))
}
