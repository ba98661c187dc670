import { err, ok, type Result } from '#base/result.ts'
import { grouped } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { Anchor } from '#domain/proof/anchors.ts'
import type { Audited, ClockJumps } from '#domain/proof/audit.ts'
import { parseNote } from '#domain/proof/checkpoint.ts'
import type { ErasedRun } from '#domain/proof/erasure-audit.ts'
import type { Fault, FaultList, Verdict } from '#domain/proof/verdict.ts'
import { isEnded, RUN_STATUSES } from '#domain/run/run.ts'
import type { SigningKey, Verifier } from './proof-port.ts'

/** What a verification found. `VERDICT_EXITS` has the exit code of each state. */
export interface VerifyReport {
  readonly verdict: Verdict
  /** All faults, the most serious first; the verdict is the first of them. */
  readonly faults: readonly Fault[]
  /** How many more faults there are than listed. */
  readonly unlisted: number
  readonly store: string | null
  /** The run that was proven; null where it was the whole log. */
  readonly run: string | null
  /** How many events were looked at, and the number of the last one. */
  readonly events: number
  readonly last: number
  /** The last checkpoint that holds; its note is for people to keep elsewhere. */
  readonly checkpoint: HeldCheckpoint | null
  /** The public key that was believed, for people to keep elsewhere. */
  readonly key: { readonly keyHash: string; readonly pem: string } | null
  /** What was erased, as signed facts say: the first runs by name, and all by number. */
  readonly erased: { readonly runs: number; readonly events: number; readonly listed: readonly ErasedRun[] }
  readonly remarks: readonly Remark[]
}

interface HeldCheckpoint {
  readonly size: number
  /** Milliseconds since the epoch, by the clock of the machine that signed. */
  readonly at: number
  readonly keyHash: string
  readonly note: string
}

/** What people should know, though nothing is wrong with the log. */
export type Remark =
  | ({ readonly kind: 'clock_went_back' } & ClockJumps)
  | { readonly kind: 'nothing_signed' }
  /** This machine has never signed this store, so a cut or a restored copy of it cannot be noticed here. */
  | { readonly kind: 'no_mark' }
  /** This machine signed other stores, too: one of them may have been what lay here before. */
  | { readonly kind: 'other_stores'; readonly stores: readonly OtherStore[] }
  | { readonly kind: 'mark_unreadable'; readonly reason: string }
  /** The checkpoint that was given speaks of an event outside of the part that was looked at. */
  | { readonly kind: 'outside'; readonly size: number }
  /** The run is not over, so it may have had later events. */
  | { readonly kind: 'run_goes_on' }
  /** Runs were erased, and bodies of theirs are there: the erasing was interrupted, or somebody put them back. */
  | { readonly kind: 'erasing_unfinished'; readonly runs: number }

/** A store that this machine signed, and up to which event. */
interface OtherStore {
  readonly store: string
  readonly size: number
}

/** How many other stores are told by name. */
const NAMED_STORES = 3

/** What there is to say of stores that this machine signed and that are not the one that was looked for. */
export function otherStoresText(stores: readonly OtherStore[]): string {
  const named = stores.slice(0, NAMED_STORES).map(({ store, size }) => `${store} up to event ${grouped(size)}`)
  const more = stores.length > NAMED_STORES ? ` and ${stores.length - NAMED_STORES} more` : ''
  return `this machine signed another store that is not here: ${named.join(', ')}${more}`
}

/** What the caller believes. */
export interface TrustRequest {
  readonly key: SigningKey
  /** The file of a public key, believed in place of this machine's. */
  readonly keyFile?: string | undefined
  /** A text with a signed note that was kept elsewhere, and the file that it comes from. */
  readonly known?: { readonly path: string; readonly note: string } | undefined
}

export interface Trust {
  readonly verifier: Verifier | undefined
  readonly known: Known | undefined
}

interface Known {
  readonly store: string
  readonly anchor: Anchor
  readonly keyHash: string
  /** Whether the key that signed it is believed. */
  readonly isTrusted: boolean
}

/** Reads what the caller believes; that it cannot be read is the caller's failure, not the log's. */
export async function readTrust({ key, keyFile, known }: TrustRequest): Promise<Result<Trust, Failure>> {
  const verifier = keyFile === undefined ? await key.verifier() : await key.verifierFrom(keyFile)
  if (!verifier.ok) return verifier
  if (known === undefined) return ok({ verifier: verifier.value, known: undefined })
  const read = readKnown(known.note, verifier.value)
  return read.ok ? ok({ verifier: verifier.value, known: read.value }) : notReadable(known.path, read.error)
}

function readKnown(text: string, verifier: Verifier | undefined): Result<Known, string> {
  const parsed = parseNote(noteIn(text))
  if (!parsed.ok) return parsed
  const { checkpoint, text: signed, keyHash, signature } = parsed.value
  const isTrusted = verifier?.keyHash === keyHash
  if (isTrusted && !verifier.verify(signed, signature)) return err('its signature does not match')
  const { store, size, hash } = checkpoint
  return ok({ store, anchor: { kind: 'checkpoint', size, hash }, keyHash, isTrusted })
}

/** The last note among other lines, such as all that `verify` said; a text in which none is found, as it came. */
function noteIn(text: string): string {
  const notes = text.match(/^orchastration\/[0-9a-z]{26}\n(?:[^\n]+\n){3}\n— [^\n]+\n/gmu)
  return notes?.at(-1) ?? text
}

function notReadable(path: string, reason: string): Result<never, Failure> {
  return err({ code: 'file_unreadable', path, reason })
}

/** The given checkpoint as far as it can be compared with this store; what cannot be is a fault. */
export function knownAnchors({ known }: Trust, store: string | undefined, faults: FaultList): readonly Anchor[] {
  if (known === undefined) return []
  const { anchor, keyHash, isTrusted } = known
  if (!isTrusted) faults.add({ state: 'unknown_key', keyHash, size: anchor.size })
  if (known.store === store) return [anchor]
  const reason = `the checkpoint that was given is of another store, ${known.store}`
  faults.add({ state: 'behind', known: anchor.size, found: 0, reason })
  return []
}

/** Known places that lie past the end of a whole log: it is behind them. Those beside a part of one are remarks. */
export function judgeOutside({ audited, isWhole, faults }: Outside): readonly Remark[] {
  if (isWhole && audited.complete) {
    for (const { kind, size } of audited.outside) {
      if (size > audited.last) faults.add({ state: 'behind', known: size, found: audited.last, reason: PAST_END[kind] })
    }
  }
  // Most runs lie before the mark; that a checkpoint somebody gave says nothing of this run is worth a word.
  const given = isWhole ? [] : audited.outside.filter(({ kind }) => kind === 'checkpoint')
  return given.map(({ size }) => ({ kind: 'outside', size }))
}

interface Outside {
  readonly audited: Audited
  readonly isWhole: boolean
  readonly faults: FaultList
}

const PAST_END: Readonly<Record<Anchor['kind'], string>> = {
  mark: 'this machine signed later events',
  checkpoint: 'the checkpoint that was given speaks of later events',
}

export interface ReportParts {
  readonly faults: FaultList
  readonly audited: Audited
  readonly trust: Trust
  readonly store: string | undefined
  readonly run: string | undefined
  readonly remarks: readonly Remark[]
}

export function makeReport({ faults, audited, trust, store, run, remarks }: ReportParts): VerifyReport {
  const { signed, events, last, clock, erased } = audited
  const to = signed?.checkpoint.size ?? 0
  const listed = faults.sorted()
  const own: Remark[] = []
  if (clock !== undefined) own.push({ kind: 'clock_went_back', ...clock })
  if (signed === undefined && listed.length === 0) own.push({ kind: 'nothing_signed' })
  if (run !== undefined && !isOver(audited.lastOfRun)) own.push({ kind: 'run_goes_on' })
  const unfinished = erased.filter(({ left }) => left > 0).length
  if (unfinished > 0) own.push({ kind: 'erasing_unfinished', runs: unfinished })
  return {
    verdict: listed[0] ?? { state: 'verified', to, later: last - to },
    faults: listed,
    unlisted: faults.unlisted(),
    store: store ?? null,
    run: run ?? null,
    events,
    last,
    checkpoint:
      signed === undefined ? null : { size: to, at: signed.checkpoint.at, keyHash: signed.keyHash, note: signed.note },
    key: trust.verifier === undefined ? null : { keyHash: trust.verifier.keyHash, pem: trust.verifier.pem },
    erased: {
      runs: erased.length,
      events: erased.reduce((sum, run) => sum + run.events, 0),
      listed: erased.slice(0, LISTED_RUNS),
    },
    remarks: [...remarks, ...own],
  }
}

/** How many erased runs a report lists. */
const LISTED_RUNS = 100

function isOver(type: string | undefined): boolean {
  return type === 'run.erased' || RUN_STATUSES.some((status) => isEnded(status) && type === `run.${status}`)
}

/** The report about something of which nothing can be read. */
export function unreadableReport(
  trust: Trust,
  fault: { readonly reason: string; readonly line?: number },
): VerifyReport {
  const faults: readonly Fault[] = [{ state: 'unreadable', ...fault }]
  const key = trust.verifier === undefined ? null : { keyHash: trust.verifier.keyHash, pem: trust.verifier.pem }
  const nothing = { unlisted: 0, store: null, run: null, events: 0, last: 0, checkpoint: null, remarks: [] }
  const erased = { runs: 0, events: 0, listed: [] }
  return { verdict: { state: 'unreadable', ...fault }, faults, key, erased, ...nothing }
}
