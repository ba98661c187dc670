import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConfigPort, LoadedConfig } from '#app/config-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Failure } from '#domain/failure.ts'
import { checkConfig } from './config-findings.ts'
import { parseToml } from './config-syntax.ts'
import { decodeText } from './config-text.ts'

const LARGEST_BYTES = 5 * 1024 * 1024

/** The configuration as a TOML file: `usual` is read where nothing else is asked for. */
export function configFile(usual: string, currentDirectory: string): ConfigPort {
  return {
    async load(explicitPath) {
      const path = explicitPath === undefined ? usual : resolve(currentDirectory, explicitPath)
      const bytes = explicitPath === '' ? err<Failure>({ code: 'config_missing', path: '' }) : await readBytes(path)
      if (bytes.ok) return loadBytes(path, bytes.value)
      const absent = explicitPath === undefined && bytes.error.code === 'config_missing'
      return absent ? ok({ path, config: {}, digest: sha256('') }) : bytes
    },
  }
}

async function readBytes(path: string): Promise<Result<Uint8Array, Failure>> {
  try {
    await using file = await open(path)
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of file.createReadStream({ autoClose: false, end: LARGEST_BYTES })) {
      chunks.push(chunk)
      bytes += chunk.length
    }
    if (bytes > LARGEST_BYTES) return err({ code: 'config_unreadable', path, reason: 'too_large' })
    return ok(Buffer.concat(chunks))
  } catch (error) {
    return err(readFailure(path, error))
  }
}

function readFailure(path: string, error: unknown): Failure {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const missing = reason === 'ENOENT' || reason === 'ENOTDIR'
  return missing ? { code: 'config_missing', path } : { code: 'config_unreadable', path, reason }
}

async function loadBytes(path: string, bytes: Uint8Array): Promise<Result<LoadedConfig, Failure>> {
  const config = await readConfig(path, bytes)
  return config.ok ? ok({ path, config: config.value, digest: sha256(bytes) }) : config
}

async function readConfig(path: string, bytes: Uint8Array): Promise<Result<Config, Failure>> {
  const text = decodeText(bytes)
  if (!text.ok) return err({ code: 'config_invalid', path, problems: [text.error] })
  const value = parseToml(text.value)
  if (!value.ok) return err({ code: 'config_invalid', path, problems: [value.error] })
  const checked = checkConfig(value.value)
  if (checked.ok) return ok(checked.config)
  const { locate } = await import('./locate.ts')
  return err({ code: 'config_invalid', path, ...locate(text.value, checked.findings) })
}
