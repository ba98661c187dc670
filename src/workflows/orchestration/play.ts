import { mergedWrites } from '#domain/context/merged-writes.ts'
import type { OrchContext, StepWrites } from '#domain/context/orch-context.ts'
import { substituteOf } from '#domain/definition/node-graph.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import { notDone } from '#domain/run/node-state.ts'
import { Stop } from '../stop.ts'
import { Course } from './course.ts'
import { leftOut, type NodeEnd, unreached } from './node-end.ts'
import type { Playing } from './playing.ts'
import { takeRounds } from './take-rounds.ts'
import { passOver } from './tries.ts'

interface PlayParts {
  readonly playing: Playing
  /** What the context holds before anything was done. */
  readonly start: OrchContext
  readonly nodes: readonly GraphNode[]
  /** What the ids of its nodes begin with in facts: empty but where it is played within another one. */
  readonly path: string
}

/** A node that has ended, in its place of the graph. */
export interface Ended {
  readonly node: GraphNode
  readonly end: NodeEnd
}

type Writes = NodeEnd['writes']

/**
 * One run of a graph. A node begins once all before it have ended; after a failure that nobody takes up, no further one
 * begins. What a judge rejects is done again, with all that came after it; what builds on it waits for the judge.
 *
 *   waiting ──(ready)──► at work ──► ended
 *      ▲                               │
 *      └──────────(sent back)──────────┘
 */
export class Play {
  readonly stop = new Stop()
  readonly #parts: PlayParts
  readonly #course: Course
  readonly #byId: ReadonlyMap<string, GraphNode>
  readonly #atWork = new Set<string>()
  readonly #ends = new Map<string, NodeEnd>()
  /** What each node has written in all its rounds. */
  readonly #written = new Map<string, Writes>()
  /** What was written before work was last sent back: whoever mends it reads what was said of it. */
  readonly #before = new Map<string, Writes>()
  /** Judges that have rejected, until what they rejected begins again. */
  readonly #rejecting = new Set<string>()
  readonly #timesSentBack = new Map<string, number>()
  readonly #over = Promise.withResolvers<void>()

  constructor(parts: PlayParts) {
    this.#parts = parts
    this.#course = new Course(parts.nodes)
    this.#byId = new Map(parts.nodes.map((node) => [node.id, node]))
  }

  /** Takes all nodes, and answers with how each ended, in the order of the graph. */
  async all(): Promise<readonly Ended[]> {
    const { conductor } = this.#parts.playing
    if (this.#parts.path === '') conductor.onAgain(() => this.#advance())
    if (this.#parts.path === '') conductor.onStop((reason) => this.stop.because(reason))
    this.#advance()
    await this.#over.promise
    return this.#parts.nodes.map((node) => ({ node, end: this.#ends.get(node.id) ?? leftOut('never reached') }))
  }

  /** The context as all that have ended leave it. */
  get context(): OrchContext {
    return this.#parts.start.with(this.#writesOf(({ id }) => this.#written.get(id)))
  }

  /** Begins whatever can begin; what waits for a judge does so until nothing else is left. */
  #advance(): void {
    while (this.#doAgain() || this.#pass(true) || this.#sendBack() || (this.#atWork.size === 0 && this.#pass(false)));
    if (this.#atWork.size === 0) this.#over.resolve()
  }

  /** Says whether anything has changed. */
  #pass(mayHold: boolean): boolean {
    const again = this.#again
    let hasChanged = false
    for (const node of this.#parts.nodes) {
      if (this.#ends.has(node.id) || this.#atWork.has(node.id)) continue
      if (again.some((id) => this.#course.isAfter(node.id, id))) continue
      if (mayHold && this.#isHeld(node.id)) continue
      const next = this.#next(node)
      if (next === 'wait') continue
      hasChanged = true
      if (next === 'begin') this.#begin(node)
      else this.#ends.set(node.id, passOver(this.#named(node), next, this.#parts.playing))
    }
    return hasChanged
  }

  #isHeld(id: string): boolean {
    return this.#course.holders(id).some((judge) => !this.#ends.has(judge) || this.#rejecting.has(judge))
  }

  /** Whether the node begins, waits, or has ended without having begun. */
  #next(node: GraphNode): 'begin' | 'wait' | NodeEnd {
    const replaced = this.#course.replaced(node.id)
    for (const need of this.#course.waits.get(node.id) ?? []) {
      if (!this.#ends.has(need) || this.#rejecting.has(need)) return 'wait'
    }
    if (replaced !== undefined && !replaced.some((id) => this.#ends.get(id)?.failure != null))
      return leftOut(`not needed: ${replaced.join(', ')} did not fail`)
    const closed = node.needs.find((need) => !this.#opens(need) && replaced?.includes(need) !== true)
    if (closed !== undefined) return unreached(notDone(closed))
    return this.stop.cause === undefined ? 'begin' : unreached(this.stop.cause)
  }

  /** Whether what needs the node goes on: it has ended well, or what takes its place has. */
  #opens(id: string): boolean {
    const end = this.#ends.get(id)
    const node = this.#byId.get(id)
    if (end === undefined || end.opens || node === undefined || end.failure === null) return end?.opens !== false
    return substituteOf(node).some((substitute) => this.#ends.get(substitute)?.opens === true)
  }

  #begin(node: GraphNode): void {
    this.#atWork.add(node.id)
    const { playing } = this.#parts
    const context = this.#contextFor(node.id)
    const taking = { playing, context, stop: this.stop, judge: (end: NodeEnd) => this.#judged(node, end) }
    takeRounds(this.#named(node), taking).then((end) => {
      this.#atWork.delete(node.id)
      if (end !== 'back') this.#ended(node, end)
      this.#advance()
    }, this.#over.reject)
  }

  #ended(node: GraphNode, end: NodeEnd): void {
    this.#written.set(node.id, mergedWrites(this.#written.get(node.id) ?? {}, end.writes))
    const { on_failure: then = 'stop' } = node
    const isCancelled = end.failure?.code === 'cancelled'
    this.#ends.set(node.id, end.failure !== null && then === 'continue' && !isCancelled ? { ...end, opens: true } : end)
    if (end.status === 'rejected' && end.failure === null) this.#rejecting.add(node.id)
  }

  /** A rejection sends the work back, so many times; after that, and where nobody can mend it, it is a failure. */
  #judged({ id, rework }: GraphNode, end: NodeEnd): NodeEnd {
    if (end.status !== 'rejected') return end
    if (rework !== undefined && (this.#timesSentBack.get(id) ?? 0) < rework.rounds) return end
    const { writes, message } = end
    const found = writes['review.findings']
    const findings = Array.isArray(found) ? found.map(String) : []
    return { ...end, failure: { code: 'review_failed', verdict: message, findings } }
  }

  /**
   * Lets the rejected work begin again, once everything else that came of it has ended: which verdicts there are must not
   * depend on who is faster. Says whether there was any.
   */
  #sendBack(): boolean {
    if (this.#rejecting.size === 0) return false
    const judges = [...this.#rejecting]
    if (this.stop.cause !== undefined) {
      // Nothing begins again; the rejection stands, and what needs it is not reached.
      this.#rejecting.clear()
      return true
    }
    const redone = this.#course.redone(judges.flatMap((id) => this.#byId.get(id)?.rework?.nodes ?? []))
    const isDue = (id: string) => {
      if (this.#ends.has(id)) return false
      return this.#atWork.has(id) || !(this.#isHeld(id) || judges.some((judge) => this.#course.isAfter(id, judge)))
    }
    if (redone.some(isDue)) return false
    for (const id of redone) {
      this.#ends.delete(id)
      const written = this.#written.get(id)
      if (written !== undefined) this.#before.set(id, written)
    }
    for (const judge of judges) this.#timesSentBack.set(judge, (this.#timesSentBack.get(judge) ?? 0) + 1)
    this.#rejecting.clear()
    return true
  }

  /** What people want to be done again, of the run's own graph. */
  get #again(): readonly string[] {
    return this.#parts.path === '' ? this.#parts.playing.conductor.again : []
  }

  /** Lets that begin again once nothing after it is at work, with all that came after it. Says whether there was any. */
  #doAgain(): boolean {
    const wanted = this.#again
    const isRedone = (id: string) => wanted.some((each) => id === each || this.#course.isAfter(id, each))
    if (wanted.length === 0 || [...this.#atWork].some(isRedone)) return false
    for (const id of [...this.#ends.keys()].filter(isRedone)) {
      this.#ends.delete(id)
      this.#rejecting.delete(id)
    }
    this.#parts.playing.conductor.takeAgain()
    return true
  }

  /** What all before the node have written, and what was said of it when it was sent back. */
  #contextFor(id: string): OrchContext {
    const course = this.#course
    return this.#parts.start.with(
      this.#writesOf((node) => {
        if (course.isAfter(id, node.id)) return this.#written.get(node.id)
        return node.id === id || course.areJudgedTogether(id, node.id) ? this.#before.get(node.id) : undefined
      }),
    )
  }

  /** In the order of the graph, which is that of merging. */
  #writesOf(of: (node: GraphNode) => Writes | undefined): readonly StepWrites[] {
    return this.#parts.nodes.flatMap((node) => {
      const writes = of(node)
      return writes === undefined ? [] : [{ writer: workerOf(node), step: node.id, writes }]
    })
  }

  #named(node: GraphNode): GraphNode {
    return this.#parts.path === '' ? node : { ...node, id: `${this.#parts.path}${node.id}` }
  }
}
