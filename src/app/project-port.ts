import type { Digest } from '#base/digest.ts'
import type { Result } from '#base/result.ts'
import type { NamedFile } from '#domain/definition/named-files.ts'
import type { Failure } from '#domain/failure.ts'
import type { Distrust, LoadedFile } from './config-port.ts'

/** Project files, and which of them a person has trusted. */
export interface Projects {
  /** The project file that counts in a directory, the current one if none is named. */
  find(directory?: string): Result<FoundProject | undefined, Failure>
  /** All that trusting it would allow, out of one reading of each file. */
  review(project: FoundProject): Promise<Result<ProjectReview, Failure>>
  /** Records that a person trusts exactly what was reviewed. */
  trust(review: ProjectReview): Result<void, Failure>
  trusted(): Result<readonly (TrustedProject & Pick<ProjectReview, 'distrust'>)[], Failure>
  /** Forgets the trust in a project; undefined where there was none. */
  revoke(directory: string): Result<TrustedProject | undefined, Failure>
}

export interface FoundProject {
  /** Where the file stands, links resolved. What is trusted is this directory, whatever its files link to. */
  readonly directory: string
  readonly path: string
}

export interface ProjectReview extends FoundProject {
  readonly file: LoadedFile
  /** Undefined where it is trusted as it is. */
  readonly distrust: { readonly reason: Distrust; readonly files: readonly string[] } | undefined
  /** The files whose change takes the trust away, the project file first. */
  readonly covered: readonly CoveredFile[]
  /** Files that are named and lie outside of the project, so that nobody watches them. */
  readonly outside: readonly NamedFile[]
}

export interface CoveredFile {
  /** Relative to the project's directory. */
  readonly path: string
  /** Null where it is not there: should it come, that is a change. */
  readonly digest: Digest | null
}

export interface TrustedProject {
  readonly directory: string
  /** Milliseconds since the epoch. */
  readonly trustedAt: number
  readonly files: readonly CoveredFile[]
}
