import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { errorCode } from './error-code.ts'
import type { EndSignal, ProgramSpec } from './platform.ts'

/** What the C library searches where the environment has no PATH. */
const DEFAULT_PATH = '/usr/bin:/bin'

/**
 * Searches the child's own PATH as `execvp` does. Not left to Bun.spawn: it passes over empty entries, which mean the
 * working directory, and takes a file without execute permission for a missing one. The answer is absolute, since
 * systems disagree on whether a relative one counts from the child's directory.
 */
export function findProgram(spec: ProgramSpec): Result<string, Failure> {
  const [program] = spec.argv
  const absolute = (path: string) => (path.startsWith('/') ? path : `${spec.directory}/${path}`)
  if (program.includes('/')) return ok(absolute(program))
  let refused = false
  for (const folder of program === '' ? [] : (spec.environment['PATH'] ?? DEFAULT_PATH).split(':')) {
    const path = absolute(folder === '' ? program : `${folder}/${program}`)
    // Most folders of a PATH do not have it, and to ask that alone costs least.
    if (!existsSync(path) || !isFile(path)) continue
    if (isExecutable(path)) return ok(path)
    refused = true
  }
  if (refused) return err({ code: 'program_not_executable', program, reason: 'no permission to execute it' })
  return err({ code: 'program_missing', program })
}

/** Sends a signal to a process, or to a group by its negative number. */
export function signal(pid: number, name: EndSignal): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone between the look and the signal, or another user's: the next look tells.
  }
}

export function isGroupAlive(leader: number): boolean {
  try {
    return process.kill(-leader, 0)
  } catch (error) {
    // Another user's lives.
    return errorCode(error) !== 'ESRCH'
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
