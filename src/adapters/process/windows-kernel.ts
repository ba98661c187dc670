import type { ProcessEntry } from './platform.ts'

/** The few calls of Windows' kernel that list processes and end one. */
export interface Kernel {
  /** Every process whose start may be asked for. */
  list(): readonly ProcessEntry[]
  /** Ends a process, at once; one that is gone or not ours is left alone. */
  end(pid: number): void
}

const SNAPSHOT_PROCESSES = 2
const INVALID_HANDLE = 2 ** 64
const QUERY_LIMITED = 0x1000
const TERMINATE = 1
// PROCESSENTRY32W: its own size comes first; the name is the last of it.
const ENTRY_SIZE = 568
const ENTRY_PID = 8
const ENTRY_PARENT = 32
const ENTRY_NAME = 44
/** Windows counts tenths of microseconds from 1601. */
const TICKS_PER_MS = 10_000n
const MS_FROM_1601_TO_1970 = 11_644_473_600_000n

/** Binds them; undefined where Bun cannot call foreign functions. */
export async function openKernel(): Promise<Kernel | undefined> {
  try {
    const calls = await bind()
    return { list: () => listProcesses(calls), end: (pid) => endProcess(calls, pid) }
  } catch {
    return undefined
  }
}

type Calls = Awaited<ReturnType<typeof bind>>

async function bind() {
  const { dlopen } = await import('bun:ffi')
  return dlopen('kernel32.dll', {
    CreateToolhelp32Snapshot: { args: ['u32', 'u32'], returns: 'ptr' },
    Process32FirstW: { args: ['ptr', 'ptr'], returns: 'i32' },
    Process32NextW: { args: ['ptr', 'ptr'], returns: 'i32' },
    OpenProcess: { args: ['u32', 'i32', 'u32'], returns: 'ptr' },
    GetProcessTimes: { args: ['ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'i32' },
    TerminateProcess: { args: ['ptr', 'u32'], returns: 'i32' },
    CloseHandle: { args: ['ptr'], returns: 'i32' },
  }).symbols
}

function listProcesses(calls: Calls): readonly ProcessEntry[] {
  const snapshot = calls.CreateToolhelp32Snapshot(SNAPSHOT_PROCESSES, 0)
  if (snapshot === null || snapshot === INVALID_HANDLE) throw new Error('Windows gave no list of its processes')
  const found: ProcessEntry[] = []
  const entry = Buffer.alloc(ENTRY_SIZE)
  entry.writeUInt32LE(ENTRY_SIZE)
  try {
    let more = calls.Process32FirstW(snapshot, entry)
    while (more !== 0) {
      const started = startOf(calls, entry.readUInt32LE(ENTRY_PID))
      if (started !== undefined) found.push(readEntry(entry, started))
      more = calls.Process32NextW(snapshot, entry)
    }
  } finally {
    calls.CloseHandle(snapshot)
  }
  return found
}

function readEntry(entry: Buffer, started: number): ProcessEntry {
  const [name = ''] = entry.toString('utf16le', ENTRY_NAME).split('\0')
  return {
    pid: entry.readUInt32LE(ENTRY_PID),
    parent: entry.readUInt32LE(ENTRY_PARENT),
    started,
    program: name,
    group: 0,
    session: 0,
    stopped: false,
    marked: false,
    // The command line stands in the other process's memory; its program's name has to do.
    command: () => name,
  }
}

function startOf(calls: Calls, pid: number): number | undefined {
  const handle = calls.OpenProcess(QUERY_LIMITED, 0, pid)
  if (handle === null) return undefined
  const [created, ended, kernel, user] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)]
  const known = calls.GetProcessTimes(handle, created, ended, kernel, user)
  calls.CloseHandle(handle)
  // Who has ended and is still held by a handle of somebody's has a time of its end.
  if (known === 0 || ended.readBigUInt64LE() !== 0n) return undefined
  return Number(created.readBigUInt64LE() / TICKS_PER_MS - MS_FROM_1601_TO_1970)
}

function endProcess(calls: Calls, pid: number): void {
  const handle = calls.OpenProcess(TERMINATE, 0, pid)
  if (handle === null) return
  calls.TerminateProcess(handle, 1)
  calls.CloseHandle(handle)
}
