import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { LogReader } from './store-port.ts'

/** Directories that hold a copy of the store and what belongs to it. */
export interface Backups {
  /** Begins a new one under a temporary name; it has its own name once it is whole. Nothing is ever replaced. */
  begin(directory: string): Promise<Result<BackupDraft, Failure>>
  /** Opens the store of a backup to look at it, and changes nothing. */
  open(directory: string): Promise<Result<OpenedBackup, Failure>>
  /** Compares a backup's files with its manifest. */
  check(directory: string): Promise<Result<ManifestCheck, Failure>>
  /** What is wrong with outputs that a backup should hold. */
  artifactFault(directory: string): Promise<(digest: string) => Promise<string | undefined>>
}

export interface OpenedBackup {
  readonly log: LogReader
  /** Whether its tables were made as this version makes them; otherwise there is nothing to compare them with. */
  readonly isCurrent: boolean
  close(): void
}

export interface BackupDraft {
  /** Absolute: where it lies until it is whole. */
  readonly path: string
  /** Copies the log and its tables as they are in this moment, whoever writes to them. */
  copyLog(): Promise<Result<void, Failure>>
  /** Copies an output by its digest; what is wrong with it, if anything is. What was not written is `failure`. */
  copyArtifact(digest: string): Promise<string | undefined>
  readonly failure: Failure | undefined
  /** Somebody wants it no more: nothing else is copied, and it does not get its name. */
  stop(signal: string): void
  /** Adds a file of text. */
  write(name: string, text: string): void
  /** Makes it durable, with a manifest of all its files, and gives it its name. */
  finish(): Promise<Result<BackupSize, Failure>>
  /** Takes back what was written so far. */
  discard(): void
}

export interface BackupSize {
  /** Absolute. */
  readonly directory: string
  readonly artifacts: number
  readonly bytes: number
}

export interface ManifestCheck {
  /** Absolute. */
  readonly directory: string
  readonly files: number
  /** In words, a line each. */
  readonly faults: readonly string[]
}

/** The public key, for whoever checks the backup elsewhere. */
export const PUBLIC_KEY_FILE = 'signing-key.pub'
/** The last checkpoint of the copied log. */
export const CHECKPOINT_FILE = 'checkpoint.note'
