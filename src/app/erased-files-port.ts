import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ErasedJobEnd, ErasureSummary } from '#domain/run/erasure.ts'
import type { RunId } from '#domain/run/run.ts'
import type { OpenTry } from './eraser-port.ts'

/** The file beside the store that is there while an erasing goes on, and after one that was interrupted. */
export const ERASING_BEGUN = 'erasing.begun'

/** What erasing asks of the files beside the store. Everything may be asked again after a crash. */
export interface ErasedFiles {
  /** Whether an erasing began that nobody has ended. */
  isBegun(): boolean
  /** Notes, for good before it answers, that an erasing begins; and that it is over. */
  begin(): Result<void, Failure>
  end(): Result<void, Failure>
  /** The digests of all artifacts, and their bytes. */
  artifacts(): Result<ReadonlyMap<string, number>, Failure>
  /** Puts artifacts back that a process which died had taken away without being able to say that it might. */
  putBack(): Result<void, Failure>
  /**
   * Removes artifacts that no kept event names, while nobody can record anything. A try that has begun may have kept
   * an artifact that no event names yet; where that may be so, nothing is removed, and it answers false.
   */
  removeArtifacts(digests: readonly string[], tries: readonly OpenTry[]): Result<boolean, Failure>
  /** Removes the record of a job's end and its two logs, and `last.json` where it is this end; says how many files. */
  removeRecord(runId: RunId, end: ErasedJobEnd & { readonly isLast: boolean }): Result<number, Failure>
  /** Removes the records of what the run did with tasks; says how many files. */
  removeTaskRecords(runId: RunId, summary: ErasureSummary): Result<number, Failure>
  /** Removes the record of an orchestration; says how many files. */
  removeOrchestrationRecord(runId: RunId, summary: ErasureSummary): Result<number, Failure>
  /** Empties the caches, which may hold text of what is erased; what is needed of them is made anew. */
  emptyCaches(): Result<void, Failure>
  /** Removes what dead tries of the run left unfinished. */
  removeRunning(runId: RunId): Result<void, Failure>
}
