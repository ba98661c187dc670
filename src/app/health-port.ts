import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { JobEnd } from './command-ends.ts'
import type { LogReader, StoreReader } from './store-port.ts'

/** What `doctor` looks at. Looking changes nothing; what cannot be looked at is part of the answer. */
export interface Health {
  /** What this binary is, and on what it runs. */
  readonly release: string
  readonly home: string | undefined
  /** The environment that this process was started with. */
  readonly variables: Readonly<Record<string, string | undefined>>
  path(path: string): PathFacts
  /** Of the file system that a path lies on, or would lie on. */
  volume(path: string): Volume | undefined
  /** Where a program of that name is found. */
  program(name: string): string | undefined
  /** The store, and nothing of it made anew. */
  store(): Promise<Result<Examination, Failure>>
  /** The files by which living processes are known, and whether theirs lives. */
  owners(): Promise<readonly OwnerFile[]>
  /** Removes such a file, whose process is gone. */
  forgetOwner(name: string): Promise<Result<void, Failure>>
  /** What is wrong with the JSON record of a job's end. */
  recordFault(end: JobEnd & { readonly runId: string }): Promise<string | undefined>
}

export interface Examination {
  readonly reader: StoreReader
  readonly log: LogReader
  /** Whether its tables were made as this version makes them. */
  readonly isCurrent: boolean
  /** What SQLite says of its file at a first look: undefined where it finds nothing wrong. */
  quickCheck(): Promise<Result<string | undefined, Failure>>
  close(): void
}

export interface PathFacts {
  readonly kind: 'missing' | 'file' | 'directory' | 'other' | 'unreachable'
  /** Why it cannot be reached. */
  readonly reason: string
  readonly isOwn: boolean
  /** Permissions; null where the operating system has none. */
  readonly mode: number | null
  /** Whether it can be written to, or made where it is missing. */
  readonly isWritable: boolean
}

export interface Volume {
  readonly freeBytes: number
  /** What this program cares about: locks work on a disk and in memory, and memory is forgotten. */
  readonly kind: 'disk' | 'memory' | 'network'
}

export interface OwnerFile {
  readonly name: string
  readonly isAlive: boolean
  readonly ageMs: number
}
