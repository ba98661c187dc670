import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs'
import type { Looked } from '#app/hash-port.ts'
import { rawText } from '#base/raw-text.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import { pathName } from './path-name.ts'

/** What a path leads to. Nothing is opened: to open a pipe would wait, and a device may do something. */
export function look(path: string): Looked {
  try {
    const found = statSync(pathName(path))
    if (found.isFile()) return { kind: 'file', bytes: found.size }
    if (found.isDirectory()) return { kind: 'directory' }
    return { kind: 'failure', failure: special(path, found) }
  } catch (error) {
    return { kind: 'failure', failure: whyNot(path, error) }
  }
}

/** No regular file: what it is instead. */
export function special(path: string, found: Pick<Stats, 'isFIFO' | 'isSocket'> & DeviceStats): Failure {
  return { code: 'file_special', path, kind: kindOf(found) }
}

/** Why a file cannot be opened or looked at. */
export function whyNot(path: string, error: unknown): Failure {
  const reason = reasonOf(error)
  if (reason === 'ELOOP') return { code: 'link_loop', path }
  if (reason !== 'ENOENT') return { code: 'file_unreadable', path, reason }
  const target = linkTarget(path)
  return target === undefined ? { code: 'file_missing', path } : { code: 'link_broken', path, target }
}

interface DeviceStats {
  isCharacterDevice(): boolean
  isBlockDevice(): boolean
}

function kindOf(found: Pick<Stats, 'isFIFO' | 'isSocket'> & DeviceStats): FailureOf<'file_special'>['kind'] {
  if (found.isFIFO()) return 'pipe'
  if (found.isSocket()) return 'socket'
  return found.isCharacterDevice() || found.isBlockDevice() ? 'device' : 'unknown'
}

function linkTarget(path: string): string | undefined {
  try {
    if (!lstatSync(pathName(path)).isSymbolicLink()) return undefined
    return rawText(readlinkSync(pathName(path), { encoding: 'buffer' }))
  } catch {
    return undefined
  }
}
