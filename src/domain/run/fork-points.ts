import type { BorrowedEvent } from './event.ts'
import { TREE_ACTIVITY } from './recorded-tree.ts'
import { TreeFold } from './tree-fold.ts'

/** A place of a run from which a fork can go on by itself: the beginning of a node, or of one of its steps. */
export interface ForkPoint {
  /** As `runs show` calls it: `builder round 2`; steps by their whole names, the second of a name `builder:reply #2`. */
  readonly step: string
  /** The event by which it began. */
  readonly seq: number
  /** The node that it is, or belongs to; null where nobody can say whose step it is. */
  readonly node: string | null
  /** Of a node that begins: its round, from 1. Null for a step of one, and where a list is gone through. */
  readonly round: number | null
}

/** All of them, in the order in which they began. */
export function forkPoints(events: readonly BorrowedEvent[]): readonly ForkPoint[] {
  const atWork: string[] = []
  const times = new Map<string, number>()
  return events.flatMap((event): readonly ForkPoint[] => {
    switch (event.type) {
      case 'node.started':
        atWork.push(event.body.node)
        return [nodePoint(event)]
      case 'node.ended':
        // One that never began is not among them.
        if (atWork.includes(event.body.node)) atWork.splice(atWork.indexOf(event.body.node), 1)
        return []
      case 'step.started':
        return event.body.activity === TREE_ACTIVITY ? [] : [stepPoint(event, atWork, times)]
      default:
        return []
    }
  })
}

type Begun<Type extends BorrowedEvent['type']> = Extract<BorrowedEvent, { readonly type: Type }>

/** Items are counted from 1 for people. */
function nodePoint({ seq, body: { node, round, item } }: Begun<'node.started'>): ForkPoint {
  const step = `${node}${item === null ? '' : ` item ${item + 1}`}${round > 1 ? ` round ${round}` : ''}`
  return { step, seq, node, round: item === null ? round : null }
}

function stepPoint(
  { seq, body: { name } }: Begun<'step.started'>,
  atWork: readonly string[],
  times: Map<string, number>,
): ForkPoint {
  const time = (times.get(name) ?? 0) + 1
  times.set(name, time)
  return { step: time === 1 ? name : `${name} #${time}`, seq, node: workerOf(name, atWork), round: null }
}

/** Steps are named after their node; those of a plan's jobs after the job, and are whose works alone. */
function workerOf(step: string, atWork: readonly string[]): string | null {
  const named = atWork.find((node) => step === node || step.startsWith(`${node}:`))
  const [only, ...others] = new Set(atWork)
  return named ?? (only !== undefined && others.length === 0 ? only : null)
}

/** The trees that were recorded as this step began. */
export function treesAt(events: readonly BorrowedEvent[], { seq, node }: ForkPoint): TreeFold {
  const fold = new TreeFold()
  for (const event of events) {
    const isLater = event.seq >= seq
    // A node begins, then its tree is recorded, then its first step starts.
    if (isLater && event.type === 'step.started' && event.body.activity !== TREE_ACTIVITY) break
    if (isLater && event.type === 'node.ended' && event.body.node === node) break
    fold.add(event)
  }
  return fold
}
