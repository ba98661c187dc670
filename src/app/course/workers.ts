import type { EventOf } from '#domain/run/event.ts'

/** Which round of which node; all null for what concerns the whole run, or of which nobody can say whose it is. */
export interface Place {
  readonly node: string | null
  readonly round: number | null
  readonly item: number | null
}

export const NOWHERE: Place = { node: null, round: null, item: null }

type Working = Place & { readonly node: string; readonly round: number; readonly since: number }

/** The nodes at work, by what has begun and ended so far: they tell whose a step is. */
export class Workers {
  #working: readonly Working[] = []

  begin({ at, body: { node, round, item } }: EventOf<'node.started'>): void {
    this.#working = [...this.#working, { node, round, item, since: at }]
  }

  /** Gives when it began; undefined for a node that never did. */
  finish({ body: { node, round, item } }: EventOf<'node.ended'>): number | undefined {
    const isIt = (each: Working) => each.node === node && each.round === round && each.item === item
    const begun = this.#working.find(isIt)
    if (begun !== undefined) this.#working = this.#working.filter((each) => each !== begun)
    return begun?.since
  }

  /** A node that is not at work has no round, and one that works for several items at once no item. */
  placeOf(node: string | null): Place {
    const [first, ...others] = this.#working.filter((each) => each.node === node)
    if (first === undefined) return { ...NOWHERE, node }
    const { round, item } = first
    return { node, round, item: others.length === 0 ? item : null }
  }

  /** Steps are named after their node; those of a plan's jobs after the job, and are whose works alone. */
  ofStep(step: string): Place {
    const named = step.split(':', 1)[0] ?? step
    if (this.#working.some(({ node }) => node === named)) return this.placeOf(named)
    const [only, ...others] = this.#working
    return only !== undefined && others.length === 0 ? this.placeOf(only.node) : NOWHERE
  }
}
