import { LEAST_MASKED } from '#base/masker.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { FailureOf } from '../failure.ts'
import type { SecretSource } from './secret.ts'

/** Why a source gives no value that can be used. */
type SecretReason = FailureOf<'secret_unusable'>['reason']

export interface SecretFault {
  readonly reason: SecretReason
  /** An exit code, a signal's name or the operating system's code; never anything that a source gave. */
  readonly detail?: string
}

/** More than this fits into no variable of a process. */
export const MOST_SECRET_BYTES = 64 * 1024

/** The value in what a source gave: text without its last line break, long enough to be masked. */
export function secretValue(given: Uint8Array | string): Result<string, SecretFault> {
  const value = textOf(given)?.replace(/\r?\n$/, '')
  if (value === undefined || value.includes('\0')) return err({ reason: 'binary' })
  if (value === '') return err({ reason: 'empty' })
  const { length } = Buffer.from(value)
  if (length < LEAST_MASKED) return err({ reason: 'short' })
  return length > MOST_SECRET_BYTES ? err({ reason: 'large' }) : ok(value)
}

function textOf(given: Uint8Array | string): string | undefined {
  if (typeof given === 'string') return given
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(given)
  } catch {
    return undefined
  }
}

/** A source by its kind and its own words, as it stands in the configuration. */
export function sourceWords({ env, file, command = [] }: SecretSource): {
  readonly source: 'env' | 'file' | 'command'
  readonly from: string
} {
  if (env !== undefined) return { source: 'env', from: env }
  return file === undefined ? { source: 'command', from: command.join(' ') } : { source: 'file', from: file }
}
