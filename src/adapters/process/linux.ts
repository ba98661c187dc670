import { readdirSync, readFileSync } from 'node:fs'
import { MARK_VARIABLE, type Platform, type ProcessEntry, type ProcessSearch } from './platform.ts'
import { findProgram, signal } from './posix.ts'

/**
 * Linux, by /proc. Start times are clock ticks since the boot. The environment is the one a program was started with;
 * it cannot be read for other users' processes, and a program that writes its title over it hides it.
 */
export const linux: Platform = {
  findProgram,
  signal,
  startTolerance: 0,
  bootId: () => readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '',
  startOf: (pid) => readStat(pid)?.started,
  list: async (search) => {
    const entries: ProcessEntry[] = []
    for (const name of readdirSync('/proc')) {
      const entry = /^\d+$/.test(name) ? entryOf(Number(name), search) : undefined
      if (entry !== undefined) entries.push(entry)
    }
    return entries
  },
}

function entryOf(pid: number, search: ProcessSearch): ProcessEntry | undefined {
  const stat = readStat(pid)
  if (stat === undefined || stat.gone) return undefined
  const marked = stat.started >= search.since && carries(pid, search.step)
  return { pid, ...stat, marked, command: () => commandOf(pid, stat.program) }
}

/** One line of /proc/<pid>/stat. The name is in brackets and may hold any character, so fields count from the last. */
function readStat(pid: number) {
  const text = readText(`/proc/${pid}/stat`)
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
    stopped: state === 'T',
    // Whose first thread ended while others run shows as a zombie, too, and lives.
    gone: state === 'X' || (state === 'Z' && (threads ?? 0) <= 1),
  }
}

function carries(pid: number, step: string): boolean {
  const environment = readText(`/proc/${pid}/environ`)
  return environment !== undefined && `\0${environment}`.includes(`\0${MARK_VARIABLE}=${step}\0`)
}

function commandOf(pid: number, name: string): string {
  const words = readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim()
  return words === undefined || words === '' ? name : words
}

/** Nothing when the process ended while we looked, or may not be looked at. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
