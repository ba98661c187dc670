import type { Failure } from '#domain/failure.ts'
import type { Algorithm } from '#domain/hashing/algorithm.ts'
import type { MalformedLine } from '#domain/hashing/manifest.ts'

/** What `hash` found out. */
export type HashReport = FilesHashed | FilesChecked

export interface FilesHashed {
  readonly kind: 'hashed'
  /** As it was written, in the configuration or on the command line. */
  readonly algorithm: string
  readonly files: readonly HashedFile[]
  readonly failures: readonly Failure[]
  /** Links to directories within directories. */
  readonly notEntered: readonly string[]
  /** Where the manifest was written, `-` for the answer itself. */
  readonly manifest: string | undefined
  /** The signal that ended it early. */
  readonly stopped: string | undefined
}

export interface HashedFile {
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly hash: string
  readonly bytes: number
}

export interface FilesChecked {
  readonly kind: 'checked'
  readonly manifest: string
  readonly files: readonly CheckedFile[]
  readonly malformed: readonly MalformedLine[]
  /** Whether a malformed line is as bad as a file that differs. */
  readonly isStrict: boolean
  /** Files that are not there, where that was to be passed over. */
  readonly passedOver: number
  readonly stopped: string | undefined
}

export interface CheckedFile {
  readonly name: string
  /** Absolute. */
  readonly path: string
  /** Of the manifest, counted from 1. */
  readonly line: number
  readonly algorithm: Algorithm
  readonly expected: string
  readonly found: FoundDigest
}

export type FoundDigest =
  | { readonly state: 'ok' | 'differs'; readonly hash: string; readonly bytes: number }
  | { readonly state: 'failed'; readonly failure: Failure }
