import { resolve } from 'node:path'
import type { ConfigSource } from '#app/config-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ConfigCache } from './config-cache.ts'
import { loadFile } from './load-file.ts'

export interface ConfigFileOptions {
  /** The usual place, read where nothing else is asked for. */
  readonly usual: string
  readonly currentDirectory: string
  readonly cache?: ConfigCache | undefined
}

/** The file that `--config` names, or the user's own; that one may be missing, which is an empty configuration. */
export async function configFile(
  named: string | undefined,
  { usual, currentDirectory, cache }: ConfigFileOptions,
): Promise<Result<ConfigSource, Failure>> {
  if (named === '') return err({ code: 'config_missing', path: '' })
  const path = named === undefined ? usual : resolve(currentDirectory, named)
  const loaded = await loadFile(path, { cache })
  if (loaded.ok) return ok({ kind: named === undefined ? 'user' : 'named', ...loaded.value })
  if (named !== undefined || loaded.error.code !== 'config_missing') return loaded
  return ok({ kind: 'user', path, config: {}, digest: sha256(''), bytes: new Uint8Array(), isThere: false })
}
