import type { Result } from '#base/result.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import type { SecretFault } from '#domain/definition/secret-value.ts'

/** Sources of secrets that can be asked without running anything. */
export interface SecretSources {
  /** The value that a variable or a file gives at the moment; undefined for a command. */
  secret(source: SecretSource, directory: string): Result<string, SecretFault> | undefined
}
