import { accessSync, constants, existsSync, readFileSync, type Stats, statfsSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { PathFacts, Volume } from '#app/health-port.ts'
import { reasonOf } from '#base/system-error.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { recordStem, wholeSeconds } from '#domain/run/job-record.ts'

/** What lies at a path, and what this user may do with it. */
export function pathFacts(path: string): PathFacts {
  const nothing = { reason: '', isOwn: true, mode: null }
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return { ...nothing, kind: 'missing', isWritable: isWritable(existing(path)) }
    return { kind: kindOf(found), reason: '', isOwn: isOwn(found), mode: modeOf(found), isWritable: isWritable(path) }
  } catch (error) {
    const reason = reasonOf(error)
    return { ...nothing, kind: 'unreachable', reason, isWritable: false }
  }
}

function kindOf(found: Stats): 'file' | 'directory' | 'other' {
  if (found.isDirectory()) return 'directory'
  return found.isFile() ? 'file' : 'other'
}

function isOwn({ uid }: Stats): boolean {
  return process.getuid === undefined || process.getuid() === uid
}

/** Windows has no such permissions, and node makes some up. */
function modeOf({ mode }: Stats): number | null {
  return process.platform === 'win32' ? null : mode & 0o777
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** The path, or what is there of the directories above it. */
function existing(path: string): string {
  const parent = dirname(path)
  return parent === path || existsSync(path) ? path : existing(parent)
}

/** By the magic numbers of statfs(2) on Linux; elsewhere, everything is taken for a disk. */
const NETWORKS = new Set([0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x01021997, 0x00c36400, 0x5346414f, 0x0bd00bd0])
const MEMORIES = new Set([0x01021994, 0x858458f6])

/** Of the file system that the path lies on, or would lie on. */
export function volumeOf(path: string): Volume | undefined {
  try {
    const { type, bavail, bsize } = statfsSync(existing(path))
    const magic = process.platform === 'linux' ? type >>> 0 : 0
    const memory = MEMORIES.has(magic) ? 'memory' : 'disk'
    return { freeBytes: bavail * bsize, kind: NETWORKS.has(magic) ? 'network' : memory }
  } catch {
    return undefined
  }
}

/** The first program of that name on the path. */
export function programOn(path: string, name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`] : [name]
  const candidates = path.split(delimiter).flatMap((folder) => names.map((each) => join(folder, each)))
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK)
      return statSync(candidate).isFile()
    } catch {
      return false
    }
  })
}

interface RecordedEnd {
  readonly job: string
  readonly runId: string
  readonly exit: number
  readonly report: Pick<CommandReport, 'started_at' | 'ended_at'>
}

/** What is wrong with the JSON record of a job's end; undefined where one of its two names holds it. */
export function recordFault(records: string, end: RecordedEnd): string | undefined {
  const stem = recordStem(end.report.started_at)
  const folder = join(records, 'runs', end.job)
  const found = [`${stem}.json`, `${stem}-${end.runId}.json`].filter((name) => existsSync(join(folder, name)))
  if (found.length === 0) return 'it is not there'
  return found.some((name) => isRecordOf(join(folder, name), end)) ? undefined : 'it cannot be read, or is another one'
}

function isRecordOf(path: string, { exit, report }: RecordedEnd): boolean {
  try {
    const record: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof record !== 'object' || record === null) return false
    const { start_time, duration_ms, exit_code } = { start_time: '', duration_ms: 0, exit_code: 0, ...record }
    const isSameTime =
      start_time === wholeSeconds(report.started_at) && duration_ms === report.ended_at - report.started_at
    return isSameTime && exit_code === exit
  } catch {
    return false
  }
}
