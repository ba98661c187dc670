import type { Digest } from '#base/digest.ts'
import type { Result } from '#base/result.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Failure } from '#domain/failure.ts'

/** A configuration file as it was read. */
export interface LoadedFile {
  /** Absolute; the usual place also where no file is there. */
  readonly path: string
  readonly config: Config
  /** SHA-256 of the file's bytes, of the empty text where there is none. */
  readonly digest: Digest
  readonly bytes: Uint8Array
  readonly isThere: boolean
}

/** A file that counts. */
export interface ConfigSource extends LoadedFile {
  /** The user's own in the usual place, the one named by `--config`, or that of the project one stands in. */
  readonly kind: 'user' | 'named' | 'project'
}

/** The configuration as it counts. */
export interface LoadedConfig {
  readonly config: Config
  /** The files it is made of; what a later one says replaces what an earlier one does. */
  readonly sources: readonly [ConfigSource, ...ConfigSource[]]
  /** A project's directory: from there the relative directories of its jobs count, and not from the current one. */
  readonly project?: { readonly directory: string; readonly jobs: ReadonlySet<string> }
  /** A project file that does not count, since nobody has trusted it as it is. */
  readonly untrusted?: UntrustedProject
}

/** Why a project file does not count: nobody trusted it, it or what it names has changed, or others may write it. */
export type Distrust = 'new' | 'changed' | 'open'

/** What can be asked for by its name. */
export type TableName = 'jobs' | 'tasks' | 'orchestrations'

export interface UntrustedProject {
  readonly path: string
  readonly directory: string
  readonly reason: Distrust
  /** What changed or is open to others, relative to the project's directory. */
  readonly files: readonly string[]
  /** What such a table of it would define; undefined where it cannot be read. */
  readonly names: (table: TableName) => Promise<readonly string[] | undefined>
}

/** Configuration files beside those that count. */
export interface ConfigFiles {
  /** Reads and checks a file, as that of a project if it is called so. Relative paths count from the current directory. */
  readonly check: (path: string) => Promise<Result<LoadedFile, Failure>>
  /** Fails with the places of what is wrong with the graphs of a file that was read; most commands have no use for them. */
  readonly checkGraphs: (file: ConfigSource) => Promise<Result<LoadedFile, Failure>>
  /** Where the keys of a text stand that was read, by their path. */
  readonly lines: (bytes: Uint8Array) => Promise<(path: readonly string[]) => number | undefined>
  /** The files that count here, also those that are not there, not trusted or not valid. */
  readonly here: () => Promise<readonly ConfigPlace[]>
}

export interface ConfigPlace {
  readonly kind: ConfigSource['kind']
  readonly path: string
  readonly state: 'there' | 'absent' | Distrust
  readonly files: readonly string[]
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
