import { dirname, resolve } from 'node:path'
import type { LoadedFile } from '#app/config-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Environment } from './environment.ts'

export interface StateDirectorySources {
  /** The value of `--state-dir`. */
  readonly flag: string | undefined
  readonly environment: Environment
  readonly loaded: Pick<LoadedFile, 'path' | 'config'>
  readonly currentDirectory: string
}

/**
 * The directory that a user chose for the records and the store, absolute, or nothing: `--state-dir`, then
 * `ORCHASTRATION_STATE_DIR`, both seen from the current directory, then `[state] dir`, seen from the file.
 */
export function chosenStateDirectory(sources: StateDirectorySources): Result<string | undefined, Failure> {
  const { flag, environment, loaded, currentDirectory } = sources
  if (flag === '') return err({ code: 'directory_invalid', setting: '--state-dir', value: '' })
  const named = flag ?? (environment['ORCHASTRATION_STATE_DIR'] || undefined)
  if (named !== undefined) return ok(resolve(currentDirectory, named))
  const configured = loaded.config.state?.dir
  return ok(configured === undefined ? undefined : resolve(dirname(loaded.path), configured))
}
