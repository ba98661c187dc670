import type { Result } from '#base/result.ts'
import { grouped } from '#base/text.ts'
import { type Anchor, anchorAudit } from './anchors.ts'
import { bodyFields } from './body-fields.ts'
import { CHAIN_START, chainFault, type StoredEvent } from './chain.ts'
import { type Checkpoint, parseNote, type SignedNote } from './checkpoint.ts'
import { type ErasedRun, erasureAudit } from './erasure-audit.ts'
import { isSealing } from './sealing.ts'
import type { FaultList } from './verdict.ts'

/** Checks signatures of one key. */
interface KeyCheck {
  readonly keyHash: string
  verify(text: string, signature: Uint8Array): boolean
}

export interface AuditOptions {
  readonly faults: FaultList
  /** The id of the store; undefined where no event told it. */
  readonly store: string | undefined
  /** The events begin after this one; a checkpoint over them comes first, unless it is 0. */
  readonly after: number
  /** The run whose events are to be complete, where it is about one. */
  readonly run: string | undefined
  /** The last event that there is to be, where that is known: what comes after a cut cannot be missed. */
  readonly upTo?: number
  /** The key that is believed. */
  readonly trusted: KeyCheck | undefined
  /** A key that came with the log itself: nobody vouches for it, but what it signed must still be what it signed. */
  readonly claimed?: KeyCheck | undefined
  readonly anchors: readonly Anchor[]
}

/**
 * Walks over a log, event by event and checkpoint by checkpoint, and remembers next to nothing. A checkpoint comes
 * after the event that it speaks of and before the next one. Past a fault it goes on with what it finds.
 */
export interface Audit {
  /** Whether nothing is wrong with the event itself, and its body is there and matches its digest. */
  event(event: StoredEvent, line?: number): boolean
  note(stored: StoredCheckpoint, line?: number): void
  /** Something that is neither, or cannot be read, stands where the next event should. */
  damage(reason: string, line?: number): void
  end(): Audited
}

/** A checkpoint as it is stored; `size` is the number of the event that it stands behind. */
interface StoredCheckpoint {
  readonly size: number
  readonly note: string
  /** What was found out about the note ahead of its turn. */
  readonly opened?: OpenedNote | undefined
}

export interface OpenedNote {
  readonly parsed: Result<SignedNote, string>
  /** Whether the trusted key signed it; undefined where the note names another key. */
  readonly matches: boolean | undefined
}

export interface Audited {
  /** False where something could not be read, so that what is missing may be there. */
  readonly complete: boolean
  readonly events: number
  readonly last: number
  /** The last checkpoint before the first alteration that the trusted key signed. */
  readonly signed: { readonly checkpoint: Checkpoint; readonly keyHash: string; readonly note: string } | undefined
  readonly clock: ClockJumps | undefined
  /** Anchors about events that this part of the log does not hold. */
  readonly outside: readonly Anchor[]
  /** The type of the last event of the run that it is about. */
  readonly lastOfRun: string | undefined
  /** Runs of which a fact, signed at once, says that they were erased. */
  readonly erased: readonly ErasedRun[]
}

/** How often, from which event on and by how much at most the writer's clock went back. */
export interface ClockJumps {
  readonly first: number
  readonly times: number
  readonly largestMs: number
}

/** Stands for the hash before the first event until a checkpoint tells it. */
const NOT_TOLD = ''

export function audit(options: AuditOptions): Audit {
  const { faults, store, after, run } = options
  const head = { seq: after, hash: after === 0 ? CHAIN_START.hash : NOT_TOLD }
  const ofRun = runAudit(options)
  const erasures = erasureAudit<Audited['signed']>()
  const anchors = anchorAudit(options)
  const unknownKeys = new Set<string>()
  let complete = true
  let events = 0
  let at = Number.NEGATIVE_INFINITY
  let clock: ClockJumps | undefined
  let stream: string | undefined
  /** The first event that asks for a checkpoint and has none yet. */
  let unsealed: number | undefined
  /** The first checkpoint about events that have not come. */
  let beyond: number | undefined
  let signed: Audited['signed']

  return { event: acceptEvent, note: acceptNote, damage, end }

  function altered(seq: number, reason: string, line: number | undefined): void {
    faults.add({ state: 'altered', seq, reason, ...(line !== undefined && { line }) })
  }

  function damage(reason: string, line?: number): void {
    complete = false
    altered(head.seq + 1, reason, line)
  }

  function acceptEvent(event: StoredEvent, line?: number): boolean {
    events += 1
    beyond = undefined
    if (head.hash === NOT_TOLD) {
      altered(event.seq, 'no checkpoint stands before it', line)
      head.hash = event.prevHash
    }
    const fault = chainFault(head, event)
    if (fault !== undefined) altered(Math.min(event.seq, head.seq + 1), fault, line)
    // A row that is out of place must not become the measure of those that are in theirs.
    if (event.seq <= head.seq || !Number.isSafeInteger(event.seq)) return false
    head.seq = event.seq
    head.hash = event.hash
    const oddity = oddityOf(event)
    if (oddity !== undefined) altered(event.seq, oddity, line)
    clock = laterClock(clock, event, at)
    at = event.at
    if (isSealing(event.type)) unsealed ??= event.seq
    anchors.event(event)
    return fault === undefined && event.body !== null
  }

  function oddityOf(event: StoredEvent): string | undefined {
    if (event.stream !== stream) {
      if (event.stream !== `${event.tenant}/${store}`) return 'it belongs to another store'
      stream = event.stream
    }
    const isInScope = run === undefined || event.runId === null || event.runId === run
    const misplaced = isInScope ? erasures.event(event, signed) : erasures.pass(event)
    if (misplaced !== undefined) return misplaced
    if (event.seq === 1 && createdStore(event) !== store) return 'it is not the first event of this store'
    return run === undefined ? undefined : ofRun.event(event)
  }

  function acceptNote({ size, note, opened }: StoredCheckpoint, line?: number): void {
    if (unsealed !== undefined && size >= unsealed) unsealed = undefined
    const { parsed, matches } = opened ?? { parsed: parseNote(note), matches: undefined }
    const reason = parsed.ok ? noteFault(size, parsed.value, matches) : parsed.error
    if (reason !== undefined) altered(size, `the checkpoint over it: ${reason}`, line)
    if (parsed.ok && reason === undefined && size === head.seq) hold(parsed.value, note)
  }

  function hold({ checkpoint, keyHash }: SignedNote, note: string): void {
    if (head.hash === NOT_TOLD) head.hash = checkpoint.hash
    anchors.start(head)
    erasures.signed()
    if (keyHash === options.trusted?.keyHash && !faults.has('altered')) signed = { checkpoint, keyHash, note }
  }

  function noteFault(size: number, note: SignedNote, matches: boolean | undefined): string | undefined {
    const { checkpoint } = note
    if (checkpoint.size !== size) return `it speaks of ${checkpoint.size} events`
    if (store !== undefined && checkpoint.store !== store) return 'it speaks of another store'
    return signatureFault(note, matches) ?? placeFault(checkpoint)
  }

  function signatureFault({ checkpoint, text, keyHash, signature }: SignedNote, matches?: boolean): string | undefined {
    const key = [options.trusted, options.claimed].find((candidate) => candidate?.keyHash === keyHash)
    if ((matches ?? key?.verify(text, signature)) === false) return 'its signature does not match'
    if (key === undefined || key !== options.trusted) unknownKey(keyHash, checkpoint.size)
    return undefined
  }

  function placeFault({ size, hash }: Checkpoint): string | undefined {
    if (size > head.seq) beyond ??= size
    else if (size < head.seq) return 'the event is not where it was'
    else if (head.hash !== NOT_TOLD && hash !== head.hash) return 'another event was signed there'
    return undefined
  }

  function unknownKey(keyHash: string, size: number): void {
    if (unknownKeys.has(keyHash) || unknownKeys.size > 100) return
    unknownKeys.add(keyHash)
    faults.add({ state: 'unknown_key', keyHash, size })
  }

  function end(): Audited {
    if (complete) checkCut()
    if (complete && head.seq >= (options.upTo ?? 0)) checkErased()
    const outside = anchors.end(head.seq)
    const lastOfRun = ofRun.lastType()
    return { complete, events, last: head.seq, signed, clock, outside, lastOfRun, erased: erasures.runs() }
  }

  /** What is missing may turn out to be unexplained long after other checkpoints were held. */
  function checkErased(): void {
    const missing = erasures.faults()
    const [first] = missing
    if (first !== undefined && (signed?.checkpoint.size ?? 0) >= first.seq) signed = first.held
    for (const { seq, reason } of missing) altered(seq, reason, undefined)
  }

  function checkCut(): void {
    if (beyond !== undefined) {
      faults.add({ state: 'behind', known: beyond, found: head.seq, reason: 'a checkpoint speaks of later events' })
    }
    if (unsealed !== undefined) {
      const found = signed?.checkpoint.size ?? after
      faults.add({
        state: 'behind',
        known: unsealed,
        found,
        reason: `the checkpoint that follows event ${grouped(unsealed)} is gone`,
      })
    }
  }
}

/** The events of one run number themselves from 1, so none of them can be left out. */
function runAudit({ run }: AuditOptions) {
  let runSeq = 0
  let lastType: string | undefined
  return {
    event: (event: StoredEvent): string | undefined => {
      if (event.runId !== run) return undefined
      const isNext = event.runSeq === runSeq + 1
      runSeq = event.runSeq ?? runSeq
      lastType = event.type
      return isNext ? undefined : 'an event of the run is missing before it'
    },
    lastType: (): string | undefined => lastType,
  }
}

function createdStore(event: StoredEvent): unknown {
  return event.type === 'store.created' ? bodyFields(event)['store'] : undefined
}

function laterClock(clock: ClockJumps | undefined, { seq, at }: StoredEvent, before: number): ClockJumps | undefined {
  if (at >= before) return clock
  const { first, times, largestMs } = clock ?? { first: seq, times: 0, largestMs: 0 }
  return { first, times: times + 1, largestMs: Math.max(largestMs, before - at) }
}
