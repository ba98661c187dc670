import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import { MARK_VARIABLE, type Platform, type ProcessEntry, type ProcessSearch } from './platform.ts'
import { findProgram, isGroupAlive, signal } from './posix.ts'

/**
 * Linux, by /proc. Start times are clock ticks since the boot. The environment is the one a program was started with;
 * it cannot be read for other users' processes, and a program that writes its title over it hides it.
 */
export const linux: Platform = {
  hasTerminals: true,
  findProgram,
  environment: (variables) => variables,
  signal,
  isGroupAlive,
  startTolerance: 0,
  bootId: () => {
    boot ??= readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
    return boot
  },
  startOf: (pid) => readStat(pid)?.started,
  list: async (search) => await listSettled(search),
}

/** It does not change while we live. */
let boot: string | undefined

/** How long a process may take from its fork to the program that it was made for; after that it is what it is. */
const BIRTH_MS = 2000
const LOOK_AGAIN_MS = 3

/**
 * A child that was just forked is still a copy of its parent, without the mark; and while it turns into its program it
 * has no environment at all. Where the parent died in that moment nobody else knows of it, so such processes are
 * waited for.
 */
async function listSettled(search: ProcessSearch): Promise<readonly ProcessEntry[]> {
  const began = performance.now()
  for (;;) {
    const found = readdirSync('/proc').flatMap((name) =>
      /^\d+$/.test(name) ? (entryOf(Number(name), search) ?? []) : [],
    )
    const isSettled = !found.some(({ isBeingBorn }) => isBeingBorn)
    if (isSettled || performance.now() - began > BIRTH_MS) return found
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
}

function entryOf(pid: number, search: ProcessSearch): (ProcessEntry & { readonly isBeingBorn: boolean }) | undefined {
  const stat = readStat(pid)
  if (stat === undefined || stat.gone) return undefined
  const isYoung = stat.started >= search.since && ageMs(stat.started) < BIRTH_MS
  const environment = stat.started >= search.since ? readText(`/proc/${pid}/environ`) : undefined
  const marked = environment !== undefined && carries(environment, search.step)
  const isBeingBorn =
    isYoung && !marked && (environment === '' ? hasProgram(pid) : stat.threads === 1 && isOurProgram(pid))
  return { pid, ...stat, marked, isBeingBorn, command: () => commandOf(pid, stat.program) }
}

/** The kernel counts a second as 100 ticks towards programs, whatever it does itself. */
function ageMs(started: number): number {
  const uptime = Number(readText('/proc/uptime')?.split(' ')[0] ?? 0)
  return (uptime - started / 100) * 1000
}

/** The kernel's own threads have neither program nor environment. */
function hasProgram(pid: number): boolean {
  return programOf(pid) !== undefined
}

/** Our own program has several threads from its first moments on; a copy of it with one has just been forked. */
function isOurProgram(pid: number): boolean {
  return programOf(pid) === programOf('self')
}

function programOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    return undefined
  }
}

/** One line of /proc/<pid>/stat. The name is in brackets and may hold any character, so fields count from the last. */
function readStat(pid: number) {
  const text = readLine(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  const nameEnd = text.lastIndexOf(')')
  const fields = text.slice(nameEnd + 2).split(' ')
  const [state = '', parent, group, session] = fields
  const [threads, started] = [fields[17], fields[19]].map(Number)
  return {
    program: text.slice(text.indexOf('(') + 1, nameEnd),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started: started ?? 0,
    threads,
    stopped: state === 'T',
    // Whose first thread ended while others run shows as a zombie, too, and lives.
    gone: state === 'X' || (state === 'Z' && (threads ?? 0) <= 1),
  }
}

function carries(environment: string, step: string): boolean {
  return `\0${environment}`.includes(`\0${MARK_VARIABLE}=${step}\0`)
}

function commandOf(pid: number, name: string): string {
  const words = readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim()
  return words === undefined || words === '' ? name : words
}

const line = Buffer.allocUnsafe(4096)

/** A short file that comes in one piece; asking for its end would be a call more. */
function readLine(path: string): string | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      return line.toString('utf8', 0, readSync(file, line, 0, line.length, null))
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/** Nothing when the process ended while we looked, or may not be looked at. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
