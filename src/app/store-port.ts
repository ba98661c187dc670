import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import type { RunId, RunStatus } from '#domain/run/run.ts'
import type { TaskAbout, TaskAction, TaskStatus } from '#domain/run/task-report.ts'

/** What the store can tell. Reading changes nothing, and an unreadable event never hides the others. */
export interface StoreReader {
  /** The run whose id is, or begins with, this text; else the latest run of that name or with that job. */
  findRun(text: string): Promise<Result<RunSummary, Failure>>
  /** The newest first. */
  listRuns(filter: RunFilter): Promise<Result<readonly RunSummary[], Failure>>
  /** The run with this job that was under way at a time, and those just before and after it. */
  runsAround(job: string, at: number): Promise<Result<RunsAround, Failure>>
  /** The oldest first, in pages: the first `limit` runs, or those after the last one of the page before. */
  runsAfter(runId: RunId | undefined, limit: number): Promise<Result<readonly RunSummary[], Failure>>
  /** The last recorded end of each job. */
  lastJobs(names: readonly string[]): Promise<Result<ReadonlyMap<string, LastJob>, Failure>>
  /** Where these tasks stand, as far as anything was done with them. */
  taskStates(names: readonly string[]): Promise<Result<ReadonlyMap<string, TaskState>, Failure>>
  /** Runs that a process left unfinished when it died, the newest first. */
  interruptedRuns(): Promise<Result<readonly RunSummary[], Failure>>
  /** The events of a run, in order; what of them cannot be read is named, not hidden. */
  runEvents(runId: RunId, afterRunSeq: number): Promise<Result<RunEvents, Failure>>
  /** The run that this one was forked from, and those that were forked from it, the oldest first. */
  forks(runId: RunId): Promise<Result<RunForks, Failure>>
  findQuestion(number: number): Promise<Result<AskedQuestion | undefined, Failure>>
  openQuestions(runId?: RunId): Promise<Result<readonly AskedQuestion[], Failure>>
  /** When the next wait is due, milliseconds since the epoch; null where none is. */
  nextDue(): Promise<Result<number | null, Failure>>
  close(): void
}

export interface RunSummary {
  readonly id: RunId
  readonly workflow: string
  readonly name: string
  readonly status: RunStatus
  /** True where the status is `running` and the process that ran it is gone. */
  readonly interrupted: boolean
  readonly readyAt: number | null
  readonly queuedAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** When what it did was erased; null where it was not. */
  readonly erasedAt: number | null
  /** Whether an agent of it took its turns from a script, so that nobody takes them for a model's. */
  readonly scripted: boolean
}

export interface RunForks {
  readonly from?: ForkLink
  readonly to: readonly ForkLink[]
}

/** The other run, and the step from which the later one of the two goes on by itself. */
interface ForkLink {
  readonly run: string
  readonly step: string
}

export interface RunsAround {
  readonly during?: RunSummary
  readonly before?: RunSummary
  readonly after?: RunSummary
}

export interface RunFilter {
  /** The run's own name or that of one of its jobs. */
  readonly name?: string
  readonly status?: RunStatus | 'interrupted'
  readonly limit: number
}

export interface LastJob {
  readonly job: string
  readonly runId: RunId
  readonly number: number
  readonly exit: number
  readonly startedAt: number
  readonly endedAt: number
}

export interface TaskState {
  readonly task: string
  /** As the latest build has left it; before the first one, as the latest of all says. */
  readonly status: TaskStatus
  /** What was done last, and when. */
  readonly action: TaskAction
  readonly lastRun: number
  readonly runId: RunId
  /** Null where that was erased. */
  readonly about: TaskAbout | null
}

export interface RunEvents {
  readonly events: readonly RunEvent[]
  readonly unreadable: readonly Failure[]
  /** The fact that the run was erased: then that is all there is of it. */
  readonly erased?: EventOf<'run.erased'>
}

export interface AskedQuestion {
  readonly number: number
  readonly id: string
  readonly runId: RunId
  /** The wait that the answer ends; null where the whole run waits for it. */
  readonly wait: number | null
  readonly text: string
  readonly choices: readonly string[]
  readonly asker: string
  readonly askedAt: number
  readonly deadline: number | null
  readonly state: 'open' | 'answered' | 'expired' | 'withdrawn' | 'run_ended'
  readonly choice: string | null
  readonly closedBy: string | null
}

/** The log as it lies on disk, for proofs and exports. Whatever damage the file has comes as `store_damaged`. */
export interface LogReader {
  /** The file that it lies in. */
  readonly path: string
  /** How far the log goes at this moment: events and checkpoints of one and the same commit. */
  extent(): Promise<Result<LogExtent, Failure>>
  /**
   * Pages of stored events in order, from `after` + 1 up to and including `upTo`. A failure is the last page; it
   * concerns the first event that was not delivered.
   */
  pages(range: LogRange): AsyncIterable<Result<readonly StoredEvent[], Failure>>
  /** Pages of signed notes by the size they speak of, in order, within the same bounds. */
  notes(range: LogRange): AsyncIterable<Result<readonly StoredNote[], Failure>>
  /** What SQLite says of its own file: undefined where it finds nothing wrong. */
  integrity(): Promise<Result<string | undefined, Failure>>
  /** Begins a comparison of the projections with a fold of the readable log. */
  checkProjections(): Promise<Result<ProjectionCheck, Failure>>
  /** The part of the log between the checkpoints around a run; undefined where it has no event of it. */
  segmentOf(runId: RunId): Promise<Result<LogRange | undefined, Failure>>
}

/** Folds the log once more, apart from the store. Events that are read anyway can be handed over on the way. */
export interface ProjectionCheck extends Disposable {
  /** The next event; `isWhole` where its body is known to match its digest, so that nobody needs to ask again. */
  fold(event: StoredEvent, isWhole: boolean): void
  /** Folds the events that were not handed over, and says in words where the projections differ. */
  end(): Promise<Result<readonly string[], Failure>>
}

export interface LogRange {
  readonly after: number
  readonly upTo: number
}

export interface LogExtent {
  /** The id of the store, as its first event tells it; undefined where there is none. */
  readonly store: string | undefined
  /** The number of the last event. */
  readonly events: number
  /** The size that the last checkpoint speaks of; 0 where there is none. */
  readonly checkpoints: number
  /** Rows with numbers below 1: none of them is ours. */
  readonly strays: number
}

export interface StoredNote {
  readonly size: number
  readonly note: string
}

/** Waking up when the store has changed. */
export interface StoreWatch {
  /** Calls after each change, by this process (`ours`) or another (`theirs`), until it is stopped. */
  subscribe(call: (whose: 'ours' | 'theirs') => void): () => void
}
