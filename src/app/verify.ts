import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Anchor } from '#domain/proof/anchors.ts'
import { type Audit, audit } from '#domain/proof/audit.ts'
import { type FaultList, faultList } from '#domain/proof/verdict.ts'
import type { RunId } from '#domain/run/run.ts'
import { type ItemRange, isNote, logItems } from './log-items.ts'
import { openedItems } from './opened-items.ts'
import type { Marks, Verifier } from './proof-port.ts'
import type { LogExtent, LogReader, ProjectionCheck } from './store-port.ts'
import { checkOutputs, type OutputCheck } from './verify-outputs.ts'
import {
  judgeOutside,
  knownAnchors,
  makeReport,
  type Remark,
  readTrust,
  type Trust,
  type TrustRequest,
  unreadableReport,
  type VerifyReport,
} from './verify-report.ts'

export interface VerifyRequest extends TrustRequest {
  readonly open: () => Promise<Result<{ readonly log: LogReader }, Failure>>
  readonly marks: Marks
  /** Given, it is asked about every output that the log names. */
  readonly outputs?: OutputCheck | undefined
  /** Only the part of the log between the checkpoints around this run. */
  readonly run?: RunId | undefined
}

/**
 * Verifies a store: the chain, the checkpoints, what this machine and the caller know of it, and what is derived from
 * it. It streams, changes nothing and needs no network. Damage is part of the report; failures are of other kinds.
 */
export async function verifyStore(request: VerifyRequest): Promise<Result<VerifyReport, Failure>> {
  const trust = await readTrust(request)
  if (!trust.ok) return trust
  const opened = await request.open()
  if (opened.ok) return await verifyLog(opened.value.log, request, trust.value)
  const damage = damageOf(opened.error)
  return damage === undefined ? opened : ok(unreadableReport(trust.value, { reason: damage }))
}

async function verifyLog(log: LogReader, request: VerifyRequest, trust: Trust): Promise<Result<VerifyReport, Failure>> {
  const { run } = request
  const faults = faultList()
  // The mark first, the extent after it: a store that is written to meanwhile is never taken to be behind.
  const store = await storeOf(log)
  if (!store.ok) return store
  const mark = markOf(request.marks, store.value)
  const scope = await scopeOf(log, run)
  if (!scope.ok) return scope
  const { range, after, damage, strays = 0 } = scope.value
  if (strays > 0)
    faults.add({ state: 'altered', seq: 1, reason: `${strays} rows that are numbered below 1 are not ours` })
  const anchors = [...mark.anchors, ...knownAnchors(trust, store.value, faults)]
  const auditor = audit({ faults, store: store.value, after, run, trusted: trust.verifier, anchors })
  const isWhole = run === undefined
  const check = isWhole ? await log.checkProjections() : ok(undefined)
  if (!check.ok) return check
  using projections = check.value
  const failure = await walk({ log, range, auditor, projections, trusted: trust.verifier })
  if (failure?.kind === 'failed') return err(failure.failure)
  const reason = failure?.reason ?? damage
  if (reason !== undefined) auditor.damage(reason)
  const audited = auditor.end()
  if (reason !== undefined && audited.events === 0) return ok(unreadableReport(trust, { reason }))
  const outside = judgeOutside({ audited, isWhole, faults })
  const derived = projections === undefined ? ok() : await checkDerived({ log, projections, faults })
  if (!derived.ok) return derived
  const { outputs } = request
  if (outputs !== undefined)
    await checkOutputs({ log, range: range.events, check: outputs, erased: audited.erased, faults })
  const remarks = [...mark.remarks, ...outside]
  const unknown = mark.remarks.find((remark) => remark.kind === 'mark_unreadable')
  // Whether something was cut off cannot be told: that is not the same as that nothing was.
  if (unknown !== undefined && isWhole && faults.sorted().length === 0)
    faults.add({ state: 'unreadable', reason: `what this machine knows of it, its mark: ${unknown.reason}` })
  return ok(makeReport({ faults, audited, trust, store: store.value, run, remarks }))
}

async function storeOf(log: LogReader): Promise<Result<string | undefined, Failure>> {
  const extent = await log.extent()
  if (extent.ok) return ok(extent.value.store)
  return damageOf(extent.error) === undefined ? extent : ok(undefined)
}

function markOf(
  marks: Marks,
  store: string | undefined,
): { readonly anchors: readonly Anchor[]; readonly remarks: readonly Remark[] } {
  const others = otherStores(marks, store)
  const mark = store === undefined ? ok(undefined) : marks.highest(store)
  if (!mark.ok) {
    const reason = 'reason' in mark.error ? mark.error.reason : mark.error.code
    return { anchors: [], remarks: [{ kind: 'mark_unreadable', reason }] }
  }
  if (mark.value === undefined) return { anchors: [], remarks: [{ kind: 'no_mark' }, ...others] }
  return { anchors: [{ kind: 'mark', ...mark.value }], remarks: others }
}

/** Who deletes a store leaves its mark, however many runs a new store in its place has had since. */
export function otherStores(marks: Marks, store: string | undefined): readonly (Remark & { kind: 'other_stores' })[] {
  const others = marks.others(store)
  if (!others.ok || others.value.length === 0) return []
  return [{ kind: 'other_stores', stores: others.value.map(({ store: id, size }) => ({ store: id, size })) }]
}

interface Scope {
  readonly range: ItemRange
  readonly after: number
  /** Why it could not be found out how far the log goes. */
  readonly damage?: string
  /** Rows that no reader of ours would read. */
  readonly strays?: number
}

async function scopeOf(log: LogReader, run: RunId | undefined): Promise<Result<Scope, Failure>> {
  if (run !== undefined) return await scopeOfRun(log, run)
  const extent = await log.extent()
  if (extent.ok) return ok(wholeScope(extent.value))
  const damage = damageOf(extent.error)
  const everything = { events: Number.MAX_SAFE_INTEGER, checkpoints: Number.MAX_SAFE_INTEGER, strays: 0 }
  return damage === undefined ? extent : ok({ ...wholeScope(everything), damage })
}

function wholeScope({ events, checkpoints, strays }: Omit<LogExtent, 'store'>): Scope {
  return { after: 0, strays, range: { events: { after: 0, upTo: events }, notes: { after: 0, upTo: checkpoints } } }
}

async function scopeOfRun(log: LogReader, run: RunId): Promise<Result<Scope, Failure>> {
  const segment = await log.segmentOf(run)
  if (!segment.ok) {
    const damage = damageOf(segment.error)
    return damage === undefined ? segment : ok({ after: 0, range: NOTHING, damage })
  }
  if (segment.value === undefined) return err({ code: 'unknown_run', run })
  const { after, upTo } = segment.value
  return ok({ after: Math.max(0, after), range: { events: { after, upTo }, notes: { after: after - 1, upTo } } })
}

const NOTHING: ItemRange = { events: { after: 0, upTo: 0 }, notes: { after: 0, upTo: 0 } }

type Stop =
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly reason?: undefined }

interface Walk {
  readonly log: LogReader
  readonly range: ItemRange
  readonly auditor: Audit
  readonly projections: ProjectionCheck | undefined
  readonly trusted: Verifier | undefined
}

async function walk({ log, range, auditor, projections, trusted }: Walk): Promise<Stop | undefined> {
  let stop: Stop | undefined
  for await (const batch of openedItems(logItems(log, range), trusted)) {
    if (!batch.ok) {
      const reason = damageOf(batch.error)
      if (reason === undefined) return { kind: 'failed', failure: batch.error }
      stop ??= { kind: 'damaged', reason }
      continue
    }
    for (const item of batch.value) {
      if (isNote(item)) auditor.note(item)
      else {
        const isWhole = auditor.event(item)
        projections?.fold(item, isWhole)
      }
    }
  }
  return stop
}

interface Derived {
  readonly log: LogReader
  readonly projections: ProjectionCheck
  readonly faults: FaultList
}

async function checkDerived({ log, projections, faults }: Derived): Promise<Result<void, Failure>> {
  const integrity = await log.integrity()
  const reason = integrity.ok ? integrity.value : damageOf(integrity.error)
  if (!integrity.ok && reason === undefined) return integrity
  if (reason !== undefined) faults.add({ state: 'projections_differ', reason: `the file of the store: ${reason}` })
  const differences = await projections.end()
  const found = differences.ok ? differences.value : damageOf(differences.error)
  if (found === undefined) return differences.ok ? ok() : differences
  for (const difference of typeof found === 'string' ? [found] : found) {
    faults.add({ state: 'projections_differ', reason: difference })
  }
  return ok()
}

/** What is wrong with the file, where that is what the failure says. */
function damageOf(failure: Failure): string | undefined {
  return failure.code === 'store_damaged' || failure.code === 'store_io' ? failure.reason : undefined
}
