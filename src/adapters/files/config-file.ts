import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConfigPort, LoadedConfig } from '#app/config-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ConfigCache } from './config-cache.ts'

const CHUNK_BYTES = 64 * 1024
const LARGEST_BYTES = 5 * 1024 * 1024

export interface ConfigFileOptions {
  /** The usual place, read where nothing else is asked for. */
  readonly usual: string
  readonly currentDirectory: string
  readonly cache?: ConfigCache | undefined
}

/** The configuration as a TOML file. */
export function configFile({ usual, currentDirectory, cache }: ConfigFileOptions): ConfigPort {
  return {
    async load(explicitPath) {
      const path = explicitPath === undefined ? usual : resolve(currentDirectory, explicitPath)
      const bytes = explicitPath === '' ? err<Failure>({ code: 'config_missing', path: '' }) : readBytes(path)
      if (bytes.ok) return await loadBytes(path, bytes.value, cache)
      const absent = explicitPath === undefined && bytes.error.code === 'config_missing'
      return absent ? ok({ path, config: {}, digest: sha256('') }) : bytes
    },
  }
}

function readBytes(path: string): Result<Uint8Array, Failure> {
  try {
    const file = openSync(path, 'r')
    try {
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
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const missing = reason === 'ENOENT' || reason === 'ENOTDIR'
  return missing ? { code: 'config_missing', path } : { code: 'config_unreadable', path, reason }
}

async function loadBytes(
  path: string,
  bytes: Uint8Array,
  cache: ConfigCache | undefined,
): Promise<Result<LoadedConfig, Failure>> {
  const digest = sha256(bytes)
  const known = cache?.read(digest)
  if (known !== undefined) return ok({ path, config: known, digest })
  // Loaded only now: reading TOML and checking it is what the cache saves.
  const { readConfig } = await import('./read-config.ts')
  const config = await readConfig(path, bytes)
  if (!config.ok) return config
  cache?.write(digest, config.value)
  return ok({ path, config: config.value, digest })
}
