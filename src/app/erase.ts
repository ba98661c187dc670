import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ErasureReason } from '#domain/run/erasure.ts'
import type { RunId } from '#domain/run/run.ts'
import type { ErasedFiles } from './erased-files-port.ts'
import type { BegunErasure, Eraser } from './eraser-port.ts'
import type { RecordsPort } from './records-port.ts'
import type { StoreReader } from './store-port.ts'
import { exportTask } from './task-exports.ts'

export interface EraseParts {
  readonly eraser: Eraser
  readonly files: ErasedFiles
  readonly reader: StoreReader
  readonly records: RecordsPort
  readonly actor: string
}

export interface WantedErasure {
  readonly runId: RunId
  readonly reason: ErasureReason
}

/** What was erased, those runs included that an interrupted erasing had begun. */
export interface Erased {
  readonly runs: number
  readonly artifacts: number
  readonly records: number
  /** Runs that are not wholly erased: a step that goes on may just have kept what one of them holds, too. */
  readonly waiting: number
}

const FACTS_AT_ONCE = 200
const RUNS_AT_ONCE = 50
/** How long a step that is about to record what it kept is waited for. */
const TRIES = 40
const TRY_AGAIN_MS = 50

/**
 * Erases runs: first facts, signed, that they are erased; then what lies beside the store; then their bodies and salts;
 * at last the store's file is rewritten. Whatever is missing at any moment is missing by a fact that is there, and what
 * an earlier call left undone is done by the next one.
 */
export async function erase(parts: EraseParts, wanted: readonly WantedErasure[]): Promise<Result<Erased, Failure>> {
  const { files } = parts
  const wasBegun = files.isBegun()
  const noted = files.begin()
  if (!noted.ok) return noted
  const begun = await beginAll(parts, wanted)
  const erased = await finish(parts, wasBegun)
  if (!erased.ok) return erased
  const emptied = files.emptyCaches()
  if (!emptied.ok) return emptied
  const ended = erased.value.waiting === 0 ? files.end() : ok()
  if (!begun.ok) return begun
  return ended.ok ? erased : ended
}

async function beginAll(
  { eraser, actor }: EraseParts,
  wanted: readonly WantedErasure[],
): Promise<Result<void, Failure>> {
  for (let start = 0; start < wanted.length; start += FACTS_AT_ONCE) {
    const batch = wanted.slice(start, start + FACTS_AT_ONCE)
    const facts = await Promise.all(batch.map(({ runId, reason }) => eraser.begin(runId, { actor, reason })))
    const failed = facts.find((fact) => !fact.ok)
    if (failed?.ok === false) return failed
  }
  return ok()
}

async function finish(parts: EraseParts, wasBegun: boolean): Promise<Result<Erased, Failure>> {
  const { eraser, files } = parts
  const back = either(await eraser.exclusively(() => files.putBack()))
  if (!back.ok) return back
  const begun = await eraser.begun()
  if (!begun.ok) return begun
  const names = await readNames(parts, begun.value)
  if (!names.ok) return names
  let [artifacts, records, waiting] = [0, 0, 0]
  for (let start = 0; start < begun.value.length; start += RUNS_AT_ONCE) {
    const batch = begun.value.slice(start, start + RUNS_AT_ONCE)
    const removed = await removeArtifacts(parts, names.value, batch)
    if (!removed.ok) return removed
    if (removed.value === undefined) waiting += batch.length
    else {
      artifacts += removed.value
      const ended = await endBatch(parts, batch)
      if (!ended.ok) return ended
      records += ended.value
    }
  }
  const runs = begun.value.length - waiting
  const rewritten = runs > 0 || wasBegun ? await eraser.rewrite() : ok()
  return rewritten.ok ? ok({ runs, artifacts, records, waiting }) : rewritten
}

/** Who names which artifacts. */
interface Names {
  /** Up to this event. */
  last: number
  readonly kept: Set<string>
  readonly candidates: ReadonlySet<string>
  readonly ofRun: ReadonlyMap<RunId, ReadonlySet<string>>
}

async function readNames(
  { eraser, files }: EraseParts,
  begun: readonly BegunErasure[],
): Promise<Result<Names, Failure>> {
  const artifacts = files.artifacts()
  if (!artifacts.ok) return artifacts
  const ofRun = new Map<RunId, Set<string>>(begun.map(({ runId }) => [runId, new Set()]))
  const kept = new Set<string>()
  let last = 0
  for await (const page of eraser.contents(new Set(begun.length === 0 ? [] : artifacts.value.keys()))) {
    if (!page.ok) return page
    for (const { seq, runId, digests } of page.value) {
      last = seq
      const names = (runId === null ? undefined : ofRun.get(runId)) ?? kept
      for (const digest of digests) names.add(digest)
    }
  }
  const candidates = new Set([...ofRun.values()].flatMap((digests) => [...digests]))
  return ok({ last, kept, candidates, ofRun })
}

/** How many artifacts were removed; undefined where that has to wait. */
async function removeArtifacts(
  { eraser, files }: EraseParts,
  names: Names,
  batch: readonly BegunErasure[],
): Promise<Result<number | undefined, Failure>> {
  const held = new Set(batch.flatMap(({ runId }) => [...(names.ofRun.get(runId) ?? [])]))
  for (let round = 0; round < TRIES; round++) {
    const tried = await eraser.exclusively<Result<number | undefined, Failure>>(({ namedAfter, tries }) => {
      // Others may have come to the same output since the log was read.
      const since = namedAfter(names.last, names.candidates)
      for (const digest of since.digests) names.kept.add(digest)
      names.last = since.last
      const unnamed = [...held].filter((digest) => !names.kept.has(digest))
      const done = files.removeArtifacts(unnamed, tries())
      return done.ok ? ok(done.value ? unnamed.length : undefined) : done
    })
    const removed = either(tried)
    if (!removed.ok || removed.value !== undefined) return removed
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
  }
  return ok(undefined)
}

/** Removes the other files of these runs, then their bodies; says how many records were removed. */
async function endBatch(parts: EraseParts, batch: readonly BegunErasure[]): Promise<Result<number, Failure>> {
  let records = 0
  for (const begun of batch) {
    for (const remove of [removeJobRecords, removeTaskRecords]) {
      const removed = await remove(parts, begun)
      if (!removed.ok) return removed
      records += removed.value
    }
    const cleared = parts.files.removeRunning(begun.runId)
    if (!cleared.ok) return cleared
  }
  const emptied = await parts.eraser.empty(batch.map(({ runId }) => runId))
  return emptied.ok ? ok(records) : emptied
}

async function removeJobRecords(
  { files, reader }: EraseParts,
  { runId, summary }: BegunErasure,
): Promise<Result<number, Failure>> {
  let records = 0
  const lasts = await reader.lastJobs(summary.ends.map(({ job }) => job))
  if (!lasts.ok) return lasts
  for (const end of summary.ends) {
    const last = lasts.value.get(end.job)
    const isLast = last?.runId === runId && last.number === end.number
    const removed = files.removeRecord(runId, { ...end, isLast })
    if (!removed.ok) return removed
    if (removed.value > 0) records += 1
  }
  return ok(records)
}

async function removeTaskRecords(
  { files, reader, records }: EraseParts,
  { runId, summary }: BegunErasure,
): Promise<Result<number, Failure>> {
  for (const { task } of summary.tasks ?? []) {
    // What the record of its state says of it may be out of this run.
    const exported = await exportTask({ reader, records }, task)
    if (!exported.ok) return exported
  }
  const removed = files.removeTaskRecords(runId, summary)
  if (!removed.ok) return removed
  const orchestration = files.removeOrchestrationRecord(runId, summary)
  return orchestration.ok ? ok(removed.value + orchestration.value) : orchestration
}

function either<T>(result: Result<Result<T, Failure>, Failure>): Result<T, Failure> {
  return result.ok ? result.value : result
}
