import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { LoadedFile } from '#app/config-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Config } from '#domain/definition/config.ts'
import { notForProjects } from '#domain/definition/merge-configs.ts'
import { relativeTasks } from '#domain/definition/task.ts'
import type { Failure } from '#domain/failure.ts'
import type { ConfigCache } from './config-cache.ts'

const CHUNK_BYTES = 64 * 1024
const LARGEST_BYTES = 5 * 1024 * 1024

export interface LoadOptions {
  readonly cache?: ConfigCache | undefined
  /** Some keys are none of a project's business. */
  readonly isProject?: boolean
  /** Whether the graphs of orchestrations are looked at, too. Nothing of that is cached. */
  readonly isDeep?: boolean
}

/** Reads a configuration file and checks it. */
export async function loadFile(path: string, options: LoadOptions = {}): Promise<Result<LoadedFile, Failure>> {
  const bytes = readBytes(path, options)
  return bytes.ok ? await loadBytes(path, bytes.value, options) : bytes
}

/**
 * The file's bytes, read once: what is checked is what counts. The user's own may be a pipe; that of a directory which
 * somebody enters must not make every command wait for a writer.
 */
export function readBytes(path: string, { isProject = false }: LoadOptions = {}): Result<Uint8Array, Failure> {
  try {
    const file = openSync(path, isProject ? constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) : 'r')
    try {
      if (isProject && !fstatSync(file).isFile() && !fstatSync(file).isDirectory())
        return err({ code: 'config_unreadable', path, reason: 'not_a_file' })
      const chunks: Uint8Array[] = []
      for (let bytes = 0; bytes <= LARGEST_BYTES; ) {
        const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
        const read = readSync(file, chunk, 0, chunk.length, null)
        if (read === 0) return ok(Buffer.concat(chunks))
        chunks.push(chunk.subarray(0, read))
        bytes += read
      }
      return err({ code: 'config_unreadable', path, reason: 'too_large' })
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return err(readFailure(path, error))
  }
}

function readFailure(path: string, error: unknown): Failure {
  const reason = reasonOf(error)
  const missing = reason === 'ENOENT' || reason === 'ENOTDIR'
  return missing ? { code: 'config_missing', path } : { code: 'config_unreadable', path, reason }
}

/** Checks bytes that were read. What the cache knows is right in any file; whether it may stand in this one is not. */
export async function loadBytes(
  path: string,
  bytes: Uint8Array,
  { cache, isProject = false, isDeep = false }: LoadOptions,
): Promise<Result<LoadedFile, Failure>> {
  const digest = sha256(bytes)
  const known = cache?.read(digest)
  if (known !== undefined && mayStandIn(known, isProject))
    return ok({ path, config: known, digest, bytes, isThere: true })
  // Loaded only now: reading TOML and checking it is what the cache saves.
  const { readConfig } = await import('./read-config.ts')
  const config = await readConfig(path, bytes, { isProject, isDeep })
  if (!config.ok) return config
  cache?.write(digest, config.value)
  return ok({ path, config: config.value, digest, bytes, isThere: true })
}

function mayStandIn(config: Config, isProject: boolean): boolean {
  return isProject ? notForProjects(config).length === 0 : relativeTasks(config.tasks).length === 0
}
