import { dirname } from 'node:path'
import { grouped } from '#base/text.ts'
import { reasonText, shellWord } from '../failure-texts/text.ts'
import type { Health, PathFacts } from '../health-port.ts'
import type { Services } from '../services.ts'
import { type Finding, good, note, problem } from './finding.ts'

/** Below this, the next run may fail; below the other, somebody should know. */
const TOO_LITTLE_BYTES = 10 * 1024 ** 2
const LITTLE_BYTES = 500 * 1024 ** 2

interface Place {
  readonly check: string
  readonly path: string
  /** Whether it is for nobody else's eyes. */
  readonly isPrivate: boolean
  /** Whether what lies there must last, and is locked by several processes. */
  readonly isKept: boolean
}

/** The directories, and the file that the log goes to. */
export function checkPlaces({ directories }: Services, health: Health): readonly Finding[] {
  const { store, keys, records, logFile } = directories
  const places: readonly Place[] = [
    { check: 'store directory', path: store, isPrivate: true, isKept: true },
    { check: 'key directory', path: keys, isPrivate: true, isKept: true },
    { check: 'records directory', path: records, isPrivate: false, isKept: false },
    { check: 'log directory', path: dirname(logFile), isPrivate: false, isKept: false },
  ]
  return [...places.flatMap((place) => checkDirectory(place, health)), checkLogFile(logFile, health)]
}

function checkDirectory(place: Place, health: Health): readonly Finding[] {
  const { check, path: where } = place
  const facts = health.path(where)
  const found = [...accessFindings(place, facts), ...volumeFindings(place, health)]
  if (found.length > 0) return found
  const free = health.volume(where)?.freeBytes
  const room = free === undefined ? '' : `, ${megabytes(free)} free`
  return [good(check, `${facts.kind === 'missing' ? 'not made yet' : 'yours and writable'}${room}`, where)]
}

function accessFindings({ check, path: where, isPrivate }: Place, facts: PathFacts): readonly Finding[] {
  const { kind, isOwn, mode, isWritable } = facts
  if (kind === 'unreachable') {
    return [problem(check, `it cannot be reached: ${reasonText(facts.reason)}`, { where, todo: [CHOOSE] })]
  }
  if (kind === 'missing') {
    if (isWritable) return []
    return [problem(check, 'it is not there and cannot be made', { where, todo: [CHOOSE] })]
  }
  if (kind !== 'directory') {
    return [problem(check, 'it is no directory', { where, todo: ['move it away, or choose another place'] })]
  }
  const found: Finding[] = []
  if (!isOwn) {
    const todo = [`give it back:  chown -R "$(id -u)" ${shellWord(where)}`]
    found.push(problem(check, 'it belongs to another user', { where, todo }))
  }
  if (!isWritable) found.push(problem(check, 'it cannot be written', { where, todo: [CHOOSE] }))
  const todo = [`for you alone:  chmod 700 ${shellWord(where)}`]
  if (mode !== null && (mode & 0o022) !== 0) {
    found.push((isPrivate ? problem : note)(check, 'others may write to it', { where, todo }))
  } else if (isPrivate && mode !== null && (mode & 0o077) !== 0) {
    found.push(note(check, 'others may look into it', { where, todo }))
  }
  return found
}

const CHOOSE = 'make it writable, or choose another place with --state-dir'

function volumeFindings({ check, path: where, isKept }: Place, health: Health): readonly Finding[] {
  const volume = health.volume(where)
  if (volume === undefined) return []
  const { freeBytes, kind } = volume
  const found: Finding[] = []
  const room = `only ${megabytes(freeBytes)} are free`
  if (freeBytes < TOO_LITTLE_BYTES) found.push(problem(check, room, { where, todo: ['make room'] }))
  else if (freeBytes < LITTLE_BYTES) found.push(note(check, room, { where }))
  if (isKept && kind === 'network') {
    const what = 'it lies on a network file system, where the locks and the shared memory of a store do not work'
    found.push(problem(check, what, { where, todo: ['choose a local disk with --state-dir'] }))
  }
  if (isKept && kind === 'memory') {
    found.push(note(check, 'it lies in memory: it is gone when the machine starts again', { where }))
  }
  return found
}

function checkLogFile(where: string, health: Health): Finding {
  const check = 'log file'
  const { kind, isWritable, mode } = health.path(where)
  if (kind === 'directory' || kind === 'other') {
    return problem(check, 'it is no file', { where, todo: ['move it away; nothing is logged until then'] })
  }
  if (!isWritable) return problem(check, 'it cannot be written: nothing is logged', { where, todo: [CHOOSE] })
  if (kind === 'missing') return good(check, 'not made yet', where)
  const todo = [`for you alone:  chmod 600 ${shellWord(where)}`]
  if (mode !== null && (mode & 0o077) !== 0) {
    return note(check, 'others may read it, and command lines stand in it', { where, todo })
  }
  return good(check, 'writable', where)
}

function megabytes(bytes: number): string {
  return `${grouped(Math.floor(bytes / 1e6))} MB`
}
