/** Something that is not as it was recorded, or cannot be compared. Numbers of events count from 1. */
export type Fault =
  /** Nothing of the log can be read. */
  | { readonly state: 'unreadable'; readonly reason: string; readonly line?: number }
  /** Event `seq`, or the checkpoint over the log up to it, is not what it was. */
  | { readonly state: 'altered'; readonly seq: number; readonly reason: string; readonly line?: number }
  /** The log is known to have reached event `known`; of that, it has what stands up to event `found`. */
  | { readonly state: 'behind'; readonly known: number; readonly found: number; readonly reason: string }
  /** Checkpoints, the first of them over `size` events, are signed by a key that nobody here vouched for. */
  | { readonly state: 'unknown_key'; readonly keyHash: string; readonly size: number }
  /** What is derived from the log, such as the list of runs, is not what the log says. */
  | { readonly state: 'projections_differ'; readonly reason: string }

/** Everything up to event `to` is as it was signed; `later` events follow in an unbroken chain, not yet signed. */
interface Verified {
  readonly state: 'verified'
  readonly to: number
  readonly later: number
}

export type Verdict = Verified | Fault

/** The exit code of each state. */
export const VERDICT_EXITS: Readonly<Record<Verdict['state'], number>> = {
  verified: 0,
  altered: 4,
  behind: 5,
  unknown_key: 6,
  projections_differ: 7,
  unreadable: 8,
}

/** The most serious first: the first fault of the first state that occurs is the verdict. */
const SEVERITY: readonly Fault['state'][] = ['unreadable', 'altered', 'behind', 'unknown_key', 'projections_differ']

const LISTED_FAULTS = 100

/** Collects faults, some of each state by name and the rest by number: a damaged log may have one at every event. */
export interface FaultList {
  add(fault: Fault): void
  has(state: Fault['state']): boolean
  /** The most serious first. */
  sorted(): readonly Fault[]
  unlisted(): number
}

export function faultList(): FaultList {
  const byState = new Map<Fault['state'], Fault[]>()
  let unlisted = 0
  return {
    add: (fault) => {
      const known = byState.get(fault.state)
      if (known === undefined) byState.set(fault.state, [fault])
      else if (known.length < LISTED_FAULTS) known.push(fault)
      else unlisted += 1
    },
    has: (state) => byState.has(state),
    sorted: () => SEVERITY.flatMap((state) => byState.get(state) ?? []),
    unlisted: () => unlisted,
  }
}
