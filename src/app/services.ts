import type { Clock } from '#base/clock.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Principal } from '#domain/people/principal.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Journal } from '#engine/journal-port.ts'
import type { ReplayParts } from '#engine/replay-run.ts'
import type { Worker } from '#engine/worker.ts'
import type { ArtifactFiles } from './artifact-files-port.ts'
import type { Backups } from './backup-port.ts'
import type { ChangedFiles } from './changed-files-port.ts'
import type { Checkouts } from './checkouts-port.ts'
import type { ConfigFiles, Directories, LoadedConfig, UntrustedProject } from './config-port.ts'
import type { Documents } from './documents-port.ts'
import type { ErasedFiles } from './erased-files-port.ts'
import type { Eraser } from './eraser-port.ts'
import type { HashPort } from './hash-port.ts'
import type { Health } from './health-port.ts'
import type { Log } from './log-port.ts'
import type { OrketFiles } from './orket-port.ts'
import type { RealPath } from './pin-spaces.ts'
import type { Plans } from './plans-port.ts'
import type { Projects } from './project-port.ts'
import type { Marks, SigningKey } from './proof-port.ts'
import type { RecordsPort } from './records-port.ts'
import type { SecretSources } from './secrets-port.ts'
import type { LogReader, StoreReader, StoreWatch } from './store-port.ts'
import type { Terminal } from './terminal-port.ts'

/** The parts an operation may ask for. Each is made when it is first asked for: most operations need few. */
export interface Services {
  readonly principal: Principal
  readonly clock: Clock
  readonly directories: Directories
  /** Where the process was started: relative directories of jobs count from here. */
  readonly currentDirectory: string
  readonly processors: number
  /** The operating system, as the runtime names it. */
  readonly platform: NodeJS.Platform
  readonly key: SigningKey
  readonly marks: Marks
  readonly log: Log
  /** Files that the caller names. */
  readonly documents: Documents
  /** Files as bytes, to be hashed. */
  hashing(): Promise<HashPort>
  readonly plans: Plans
  /** Flows in files of their own. */
  orket(): Promise<OrketFiles>
  /** The configuration as it counts here. */
  config(): Promise<Result<LoadedConfig, Failure>>
  readonly configFiles: ConfigFiles
  readonly projects: Projects
  /** The project file that one stands below and that does not count; undefined where there is none. */
  untrusted(): UntrustedProject | undefined
  /** The store, to look at. Fails with `store_missing` where nothing was ever run. */
  reading(): Promise<Result<Reading, Failure>>
  /** The store, to write to, and all that executes runs. Made once in a process. */
  executing(): Promise<Result<Executing, Failure>>
  /** What runs are made of, to follow their records without executing anything. */
  replaying(): Promise<ReplayParts>
  checkouts(): Promise<Checkouts>
  changedFiles(): Promise<ChangedFiles>
  realPath(): Promise<RealPath>
  /** Starts this program in the background, on its own, with these arguments. */
  launch(args: readonly string[]): Promise<Result<void, Failure>>
  newRunId(): RunId
  /** The process is about to end: says so to whoever asks who is alive, and writes what is left for the log file. */
  end(): Promise<void>
  /** Living processes that the dead owner of a step left behind. */
  leftovers(key: string): Promise<readonly { readonly pid: number; readonly command: string }[]>
  readonly backups: Backups
  health(): Promise<Health>
  /** The terminal that this process was started on. */
  terminal(): Promise<Terminal>
  /** Where values of secrets come from, asked to keep them out of what is recorded. */
  secretSources(): Promise<SecretSources>
  /** Takes kept files out of the store. */
  artifactFiles(): Promise<ArtifactFiles>
  /** Paths of what a step writes or has written. */
  readonly files: OutputPaths
}

export interface Reading {
  readonly reader: StoreReader
  readonly log: LogReader
  readonly watch: StoreWatch
}

export interface Executing {
  readonly journal: Journal
  readonly reader: StoreReader
  readonly watch: StoreWatch
  readonly worker: Worker
  readonly records: RecordsPort
  /** What erasing needs; loaded when something is to be erased. */
  erasing(): Promise<Erasing>
  /** This process, as the log names it. */
  readonly owner: string
  /** Whether the process of that name lives. */
  readonly isAlive: (owner: string) => boolean
  rebuild(): Promise<Result<void, Failure>>
  /** This process owns nothing any more. */
  end(): void
}

export interface Erasing {
  readonly eraser: Eraser
  readonly files: ErasedFiles
}

export interface OutputPaths {
  artifact(digest: string): string
  /** The stream of the latest start of a step that has not ended, or of that attempt; undefined where it has none. */
  running(key: string, stream: 'stdout' | 'stderr', attempt?: number): string | undefined
  /** Bytes of a file; 0 where it is not there. */
  size(path: string): number
  /** What is wrong with an artifact; undefined where it is what its digest says. */
  readonly fault: (digest: string) => Promise<string | undefined>
}
