import type { Result } from '#base/result.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import type { SecretFault } from '#domain/definition/secret-value.ts'

/** What a job's surroundings are read from, each time it starts. */
export interface SurroundingsPort {
  /** The whole text of a file and where it is; fails with the system's code, or `binary`, `large` or `special`. */
  envFile(path: string, directory: string): { readonly path: string; readonly text: Result<string, string> }
  /** The value that a variable or a file gives; undefined for a command, which is the business of processes. */
  secret(source: SecretSource, directory: string): Result<string, SecretFault> | undefined
}
