import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Platform, ProcessEntry } from './platform.ts'
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
  // Windows has its own rules (PATHEXT, App Paths); Bun.spawn follows them.
  findProgram: (spec) => ok(spec.argv[0]),
  startTolerance: 2000,
  bootId: () => '',
  startOf: () => Date.now(),
  list: async () => {
    kernel ??= (await openKernel()) ?? 'none'
    return kernel === 'none' ? listByCim() : kernel.list()
  },
  // Whoever ends processes has listed them before, so the kernel is there if it can be.
  signal: (pid, signal) => {
    if (pid <= 0 || signal === 'SIGCONT') return
    if (kernel !== undefined && kernel !== 'none') return kernel.end(pid)
    Bun.spawnSync(['taskkill.exe', '/T', '/F', '/PID', String(pid)], { windowsHide: true })
  },
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
