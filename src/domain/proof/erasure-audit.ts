import { bodyFields } from './body-fields.ts'
import type { StoredEvent } from './chain.ts'
import { isEnding } from './sealing.ts'

/** A run of which a signed fact says that its bodies were erased. */
export interface ErasedRun {
  readonly run: string
  /** The event that says so, when and by whom it was written. */
  readonly seq: number
  readonly at: number
  readonly by: string
  /** How many events it erased, and how many of those still have their body. */
  readonly events: number
  readonly left: number
}

/** Something that is not as an erasure leaves it, at this event, and what held before that event. */
interface ErasureFault<Held> {
  readonly seq: number
  readonly reason: string
  readonly held: Held
}

/** A run of which a body is gone, as far as it was seen. */
interface Emptied<Held> {
  readonly first: number
  readonly held: Held
  bodies: number
  lastRunSeq: number | null
  lastType: string
}

interface Fact<Held> extends ErasedRun {
  /** What is known of the run's missing bodies; undefined where they are all there. */
  readonly emptied: Emptied<Held> | undefined
  readonly held: Held
}

const UNEXPLAINED = 'its body is gone, and nothing says that it was erased'
const UNSIGNED = 'its body is gone, and that it was erased is not signed'
const LATE = 'it erases a run, and was not signed at once'
const NOT_OVER = 'it erases a run that was not over'
const NOT_ALL = 'it does not say that it erases all events before it'
const AFTERWARDS = 'its run was erased before it'

/**
 * Holds missing bodies against the facts that say that they were erased. A fact comes after all that it erases, so what
 * is missing is remembered by run until then. Anybody can chain an event behind the last checkpoint, and the next
 * checkpoint would speak for it: so a fact counts only where a checkpoint comes before any event of another type.
 */
interface ErasureAudit<Held> {
  /** The next event, and what of the log holds so far. Gives what is wrong with its place. */
  event(event: StoredEvent, held: Held): string | undefined
  /** An event whose body is not to be looked at. */
  pass(event: StoredEvent): undefined
  /** A checkpoint that holds speaks for all that came. */
  signed(): void
  /** What is missing without a fact, or with one that nobody signed at once. */
  faults(): readonly ErasureFault<Held>[]
  runs(): readonly ErasedRun[]
}

export function erasureAudit<Held>(): ErasureAudit<Held> {
  const emptied = new Map<string, Emptied<Held>>()
  const facts = new Map<string, Fact<Held>>()
  const late: ErasureFault<Held>[] = []
  let unsigned: Fact<Held>[] = []

  return { event: acceptEvent, pass, signed, faults, runs: () => [...facts.values()].map(erasedRun) }

  function pass({ type }: StoredEvent): undefined {
    if (unsigned.length > 0 && type !== 'run.erased') refuseUnsigned()
  }

  function acceptEvent(event: StoredEvent, held: Held): string | undefined {
    pass(event)
    const { runId, type, body } = event
    if (runId === null) return body === null ? UNEXPLAINED : undefined
    if (facts.has(runId)) return AFTERWARDS
    if (type === 'run.erased') return body === null ? UNEXPLAINED : acceptFact(event, runId, held)
    remember(event, runId, held)
    return undefined
  }

  function remember({ seq, runSeq, type, body }: StoredEvent, runId: string, held: Held): void {
    const known = emptied.get(runId)
    if (known === undefined) {
      if (body === null) emptied.set(runId, { first: seq, held, bodies: 1, lastRunSeq: runSeq, lastType: type })
      return
    }
    if (body === null) known.bodies += 1
    known.lastRunSeq = runSeq
    known.lastType = type
  }

  function acceptFact(event: StoredEvent, run: string, held: Held): string | undefined {
    const { runSeq, seq, at, actor: by } = event
    const known = emptied.get(run)
    const { through } = bodyFields(event)
    if (typeof through !== 'number' || through !== (runSeq ?? 0) - 1) return NOT_ALL
    if (known !== undefined && !(isEnding(known.lastType) && known.lastRunSeq === through)) return NOT_OVER
    const fact = { run, seq, at, by, events: through, left: through - (known?.bodies ?? 0), emptied: known, held }
    facts.set(run, fact)
    unsigned.push(fact)
    emptied.delete(run)
    return undefined
  }

  function signed(): void {
    unsigned = []
  }

  function refuseUnsigned(): void {
    for (const { seq, run, emptied: known, held } of unsigned) {
      late.push({ seq, reason: LATE, held })
      facts.delete(run)
      if (known !== undefined) emptied.set(run, known)
    }
    unsigned = []
  }

  function faults(): readonly ErasureFault<Held>[] {
    const unexplained = [...emptied.values()].map(({ first: seq, held }) => ({ seq, reason: UNEXPLAINED, held }))
    const unproven = unsigned.flatMap(({ emptied: known }) =>
      known === undefined ? [] : [{ seq: known.first, reason: UNSIGNED, held: known.held }],
    )
    return [...unexplained, ...unproven, ...late].sort((left, right) => left.seq - right.seq)
  }
}

function erasedRun<Held>({ run, seq, at, by, events, left }: Fact<Held>): ErasedRun {
  return { run, seq, at, by, events, left }
}
