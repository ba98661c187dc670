import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ErasableRun, Holdings } from '#domain/run/retention.ts'
import { type EndStatus, isEnded, type RunId } from '#domain/run/run.ts'
import type { EventContents } from './eraser-port.ts'
import type { Erasing } from './services.ts'
import type { RunSummary, StoreReader } from './store-port.ts'

/** A run that is over and was not erased, and what it holds. */
export interface SurveyedRun extends ErasableRun {
  readonly status: EndStatus
  readonly events: number
}

/** What lies in the store, by run. */
export interface Survey {
  /** Runs that can be erased. */
  readonly runs: readonly SurveyedRun[]
  /** Runs that are not over. */
  readonly open: readonly RunSummary[]
  readonly holdings: Holdings
}

const PAGE_RUNS = 500

interface Held {
  events: number
  bytes: number
  readonly artifacts: Set<string>
}

/** Reads all bodies once: to find out what would come free takes as long as to fold the log. */
export async function survey({ eraser, files }: Erasing, reader: StoreReader): Promise<Result<Survey, Failure>> {
  const artifacts = files.artifacts()
  if (!artifacts.ok) return artifacts
  const lasts = await eraser.lastRuns()
  if (!lasts.ok) return lasts
  const held = new Map<RunId | null, Held>()
  for await (const page of eraser.contents(new Set(artifacts.value.keys()))) {
    if (!page.ok) return page
    for (const event of page.value) add(held, event)
  }
  const all = await allRuns(reader)
  if (!all.ok) return all
  const runs = all.value.flatMap((run): readonly SurveyedRun[] => {
    if (run.erasedAt !== null || !isEnded(run.status)) return []
    return [{ ...surveyed(run, run.status, held.get(run.id)), isLastOfJob: lasts.value.has(run.id) }]
  })
  const open = all.value.filter(({ status }) => !isEnded(status))
  return ok({ runs, open, holdings: holdingsOf(held, artifacts.value) })
}

async function allRuns(reader: StoreReader): Promise<Result<readonly RunSummary[], Failure>> {
  const runs: RunSummary[] = []
  for (;;) {
    const page = await reader.runsAfter(runs.at(-1)?.id, PAGE_RUNS)
    if (!page.ok) return page
    if (page.value.length === 0) return ok(runs)
    runs.push(...page.value)
  }
}

function add(held: Map<RunId | null, Held>, { runId, bytes, digests }: EventContents): void {
  const known = held.get(runId) ?? { events: 0, bytes: 0, artifacts: new Set<string>() }
  known.events += 1
  known.bytes += bytes
  for (const digest of digests) known.artifacts.add(digest)
  held.set(runId, known)
}

function surveyed(run: RunSummary, status: EndStatus, held: Held | undefined): Omit<SurveyedRun, 'isLastOfJob'> {
  const { events = 0, bytes = 0, artifacts = [] } = held ?? {}
  const { id, name, endedAt } = run
  return { id, name, status, endedAt: endedAt ?? run.queuedAt, events, bytes, artifacts: [...artifacts] }
}

function holdingsOf(held: ReadonlyMap<RunId | null, Held>, artifacts: ReadonlyMap<string, number>): Holdings {
  const holders = new Map<string, number>()
  let total = 0
  for (const { bytes, artifacts: digests } of held.values()) {
    total += bytes
    for (const digest of digests) holders.set(digest, (holders.get(digest) ?? 0) + 1)
  }
  for (const bytes of artifacts.values()) total += bytes
  return {
    total,
    artifactBytes: (digest) => artifacts.get(digest) ?? 0,
    holders: (digest) => holders.get(digest) ?? 0,
  }
}
