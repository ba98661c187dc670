import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SurroundingsPort } from '#activities/surroundings-port.ts'
import type { SecretSources } from '#app/secrets-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { systemCode } from '#base/system-error.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import { MOST_SECRET_BYTES, type SecretFault, secretValue } from '#domain/definition/secret-value.ts'
import type { Environment } from './environment.ts'

const MOST_ENV_FILE_BYTES = 1024 * 1024
/** Two line breaks and a byte too many may come with the value. */
const MORE_THAN_VALUE = 3

/** Variables and secrets from files and from the environment of this process. */
export function surroundingFiles(environment: Environment): SurroundingsPort & SecretSources {
  return {
    envFile: (name, directory) => {
      const path = resolve(directory, name)
      return { path, text: textOf(path) }
    },
    secret: (source, directory) => secret(environment, source, directory),
  }
}

function textOf(path: string): Result<string, string> {
  const read = readSmall(path, MOST_ENV_FILE_BYTES)
  if (!read.ok) return read
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(read.value))
  } catch {
    return err('binary')
  }
}

function secret(
  environment: Environment,
  { env, file }: SecretSource,
  directory: string,
): Result<string, SecretFault> | undefined {
  if (env !== undefined) {
    const value = environment[env]
    return value === undefined ? err({ reason: 'unset' }) : secretValue(value)
  }
  if (file === undefined) return undefined
  const read = readSmall(resolve(directory, file), MOST_SECRET_BYTES + MORE_THAN_VALUE)
  if (read.ok) return secretValue(read.value)
  return err(read.error === 'large' ? { reason: 'large' } : { reason: 'unreadable', detail: read.error })
}

/** A pipe or a device could be waited for for ever, so only a file is read. */
function readSmall(path: string, mostBytes: number): Result<Uint8Array, string> {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const stat = fstatSync(file)
      if (!stat.isFile()) return err(stat.isDirectory() ? 'EISDIR' : 'special')
      return readWhole(file, mostBytes)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return err(systemCode(error) ?? 'unknown error')
  }
}

/** Not by its size: files of /proc and some network disks say 0. */
function readWhole(file: number, mostBytes: number): Result<Uint8Array, string> {
  const bytes = Buffer.alloc(mostBytes + 1)
  let length = 0
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null)
    if (read === 0) return ok(bytes.subarray(0, length))
    length += read
    if (length > mostBytes) return err('large')
  }
}
