import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs'
import type { ChildSpec } from '#activities/process-port.ts'
import type { Failure } from '#domain/failure.ts'
import { errorCode } from './error-code.ts'

/**
 * Why a child did not start. The system answers a missing directory, a missing program and a missing interpreter with
 * the same ENOENT, and a closed directory like a closed program; so we look which it was.
 */
export function explainSpawnError(error: unknown, spec: ChildSpec, path: string): Failure {
  const code = errorCode(error)
  const [program] = spec.argv
  const refused = (reason: string): Failure => ({ code: 'program_not_executable', program, reason })
  if (FILE_CODES.has(code) && !canEnter(spec.directory)) {
    return { code: 'working_dir_missing', directory: spec.directory }
  }
  if ((code === 'ENOENT' && kindOf(path) === 'missing') || code === 'ENOTDIR')
    return { code: 'program_missing', program }
  if (code === 'ENOENT') return refused(missingInterpreter(path))
  if (code === 'EACCES' && kindOf(path) === 'directory') return refused('it is a directory')
  if (code === 'EACCES' || code === 'EPERM') return refused('no permission to execute it')
  if (code === 'ENOEXEC') return refused('neither a program of this system nor a script with a #! line')
  if (code === 'ERR_INVALID_ARG_VALUE' && String(error).includes('cmd.exe')) return refused(UNSAFE_FOR_BATCH)
  if (code === 'ERR_INVALID_ARG_VALUE')
    return { code: 'spawn_failed', program, reason: 'a NUL byte in its words or variables' }
  return { code: 'spawn_failed', program, reason: code }
}

/** A batch file's words are read by cmd.exe once more, which no quoting withstands: Bun refuses them. */
const UNSAFE_FOR_BATCH = 'it is a batch file, and one of its words has a character that cmd.exe would act upon'

const FILE_CODES: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'])

function canEnter(directory: string): boolean {
  try {
    accessSync(directory, constants.X_OK)
    return kindOf(directory) === 'directory'
  } catch {
    return false
  }
}

function kindOf(path: string): 'missing' | 'directory' | 'other' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'other'
  } catch {
    return 'missing'
  }
}

/** The interpreter of a script is named in its first line; that of a binary, the loader, is not worth reading out. */
function missingInterpreter(path: string): string {
  const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(firstBytes(path))?.[1]
  return interpreter === undefined ? 'its loader is missing' : `its interpreter is missing: ${interpreter}`
}

function firstBytes(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(256)
      return bytes.toString('utf8', 0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
