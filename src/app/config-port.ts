import type { Digest } from '#base/digest.ts'
import type { Result } from '#base/result.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Failure } from '#domain/failure.ts'

/** Where settings come from. */
export interface ConfigPort {
  /** The configuration of `explicitPath`, or of the usual place; there a missing file means an empty configuration. */
  load(explicitPath: string | undefined): Promise<Result<LoadedConfig, Failure>>
}

export interface LoadedConfig {
  /** Absolute; the usual place also where no file is there. */
  readonly path: string
  readonly config: Config
  /** SHA-256 of the file's bytes, of the empty text where there is none. */
  readonly digest: Digest
}

/** The directories of the product on this machine, all absolute. */
export interface Directories {
  /** The usual place of the configuration file. */
  readonly configFile: string
  /** JSON records for people and scripts. */
  readonly records: string
  /** What must not be lost: the log of events and the artifacts. */
  readonly store: string
  readonly logFile: string
  /** What may be thrown away at any time. */
  readonly cache: string
  /** The signing key and the high-water marks. Never below `store`: who restores an old store must not restore the mark. */
  readonly keys: string
}
