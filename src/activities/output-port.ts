import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** Where the output of steps is kept: beside the run while it is written, as artifacts by digest once it is whole. */
export interface OutputPort {
  /** Where a process notes itself while it writes the output of a step: see ./process-port.ts. */
  notePath(key: string): string
  /** The files of one start of a step, in a directory that exists. */
  open(start: StartKey): Result<OutputFiles, Failure>
  /**
   * Hashes what was written, and has it on disk for good before it answers; nothing else is left. `hasWriters` says
   * that processes live that may still write: what they write from now on is no part of it.
   */
  seal(files: OutputFiles, by: { readonly hasWriters: boolean }): Promise<Result<SealedOutput, Failure>>
  /** No step of this run goes on here any more: what was made for all of them can go. */
  letGo(runId: string): void
  /** The run is over, and that is written: whatever was kept for its next start can go. */
  ended(runId: string): void
}

export interface StartKey {
  /** The step's idempotency key, `<run id>/<number>`. */
  readonly key: string
  /** Unlike any other start of the step. */
  readonly start: string
}

export interface OutputFiles {
  readonly stdoutPath: string
  readonly stderrPath: string
}

interface SealedOutput {
  readonly stdout: SealedStream
  readonly stderr: SealedStream
}

export interface SealedStream {
  readonly digest: string
  readonly bytes: number
}
