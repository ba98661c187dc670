import type { ErasureReason } from './erasure.ts'
import type { RunId } from './run.ts'

/** What is to be erased where nobody names a run. */
export interface RetentionRules {
  /** Runs that ended longer ago. */
  readonly olderThanMs?: number
  /** All but so many of the latest runs of each name. */
  readonly keep?: number
  /** The oldest runs, until all that is kept takes no more. */
  readonly maxBytes?: number
}

/** A run that could be erased, with what it alone holds and what it shares with others. */
export interface ErasableRun {
  readonly id: RunId
  readonly name: string
  readonly endedAt: number
  /** Bytes of its bodies. */
  readonly bytes: number
  readonly artifacts: readonly string[]
  /** The last end of a job is its: `status`, `last.json` and what asks for the last outputs need it. */
  readonly isLastOfJob: boolean
}

export interface Chosen<Run extends ErasableRun> {
  readonly chosen: readonly { readonly run: Run; readonly reason: ErasureReason }[]
  /** Runs that the rules would take, were they not the last of a job. */
  readonly spared: readonly Run[]
}

/** Bytes of what is held: all bodies, and each artifact once, however many runs name it. */
export interface Holdings {
  readonly total: number
  readonly artifactBytes: (digest: string) => number
  /** How many runs name it. */
  readonly holders: (digest: string) => number
}

/** The runs that the rules take, the oldest first. Each run is taken by the first rule that takes it. */
export function chooseByRules<Run extends ErasableRun>(
  runs: readonly Run[],
  rules: RetentionRules,
  { now, holdings }: { readonly now: number; readonly holdings: Holdings },
): Chosen<Run> {
  const oldestFirst = [...runs].sort((left, right) => left.endedAt - right.endedAt || (left.id < right.id ? -1 : 1))
  const reasons = new Map<Run, ErasureReason>()
  for (const run of oldestFirst) {
    const { olderThanMs } = rules
    if (olderThanMs !== undefined && run.endedAt < now - olderThanMs)
      reasons.set(run, { kind: 'older_than', older_than_ms: olderThanMs })
  }
  const { keep } = rules
  if (keep !== undefined)
    for (const run of beyond(oldestFirst, keep)) if (!reasons.has(run)) reasons.set(run, { kind: 'keep', keep })
  const spared = oldestFirst.filter((run) => run.isLastOfJob && reasons.delete(run))
  takeBySize(oldestFirst, { rules, reasons, holdings })
  const chosen = oldestFirst.flatMap((run) => {
    const reason = reasons.get(run)
    return reason === undefined ? [] : [{ run, reason }]
  })
  return { chosen, spared }
}

/** Runs that have so many later ones of their name. */
function beyond<Run extends ErasableRun>(oldestFirst: readonly Run[], keep: number): readonly Run[] {
  const later = new Map<string, number>()
  return oldestFirst
    .toReversed()
    .filter(({ name }) => {
      const before = later.get(name) ?? 0
      later.set(name, before + 1)
      return before >= keep
    })
    .toReversed()
}

interface BySize<Run> {
  readonly rules: RetentionRules
  readonly reasons: Map<Run, ErasureReason>
  readonly holdings: Holdings
}

/** An artifact's bytes are free once the last run that names it is taken. */
function takeBySize<Run extends ErasableRun>(
  oldestFirst: readonly Run[],
  { rules: { maxBytes }, reasons, holdings }: BySize<Run>,
): void {
  if (maxBytes === undefined) return
  const freed = freedBytes(holdings)
  let left = holdings.total
  for (const run of oldestFirst) if (reasons.has(run)) left -= freed(run)
  for (const run of oldestFirst) {
    if (left <= maxBytes) return
    if (reasons.has(run) || run.isLastOfJob) continue
    reasons.set(run, { kind: 'max_bytes', max_bytes: maxBytes })
    left -= freed(run)
  }
}

/** Bytes that come free with each run, when runs are taken in this order. */
export function freedBytes({ artifactBytes, holders }: Holdings): (run: ErasableRun) => number {
  const taken = new Map<string, number>()
  return ({ bytes, artifacts }) =>
    artifacts.reduce((sum, digest) => {
      const holding = (taken.get(digest) ?? 0) + 1
      taken.set(digest, holding)
      return holding === holders(digest) ? sum + artifactBytes(digest) : sum
    }, bytes)
}
