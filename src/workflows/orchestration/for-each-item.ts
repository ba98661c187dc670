import type { Json } from '#base/json.ts'
import { err, type Result } from '#base/result.ts'
import type { Adjustments } from '#domain/conductor/adjustments.ts'
import { writesOfItems } from '#domain/context/merged-writes.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import { notDone } from '#domain/run/node-state.ts'
import { Stop } from '../stop.ts'
import { failed, type NodeEnd, recordEnd, unreached } from './node-end.ts'
import { takesPlace, whoTakes } from './take-node.ts'
import { localId, type Taking } from './taking.ts'
import { tries } from './tries.ts'

/** How many items a node may be done for. */
const MOST_ITEMS = 10_000

/** Each item side by side; what they wrote comes together in their order, not in that of their ends. */
export async function forEachItem(node: GraphNode, taking: Taking, adjustments: Adjustments): Promise<NodeEnd> {
  const { playing, judge } = taking
  const { ctx, rounds } = playing
  const place = { node: node.id, round: rounds.next(node.id), item: null }
  ctx.record({ type: 'node.started', body: { ...place, ...whoTakes(node, adjustments, playing) } })
  const items = itemsOf(node, taking)
  if (!items.ok) return recordEnd(ctx, place, judge(failed(items.error)))
  const ends = await new Items(node, taking, adjustments).all(items.value)
  return recordEnd(ctx, place, judge(mergedEnd(ends)))
}

function itemsOf({ id, foreach = [] }: GraphNode, { context, playing }: Taking): Result<readonly Json[], Failure> {
  if (typeof foreach !== 'string') return { ok: true, value: foreach }
  const given = playing.expressions.items(foreach, context.values)
  if (given.ok && given.value.length <= MOST_ITEMS) return given
  const reason = given.ok ? `it gives more than ${MOST_ITEMS} items` : given.error
  return err({ code: 'condition_failed', node: id, condition: foreach, reason })
}

/** The items of one round. After one that failed no further one begins, unless the failure is to stop nothing. */
class Items {
  readonly #node: GraphNode
  readonly #taking: Taking
  readonly #adjustments: Adjustments
  readonly #stop = new Stop()
  readonly #forget: () => void

  constructor(node: GraphNode, taking: Taking, adjustments: Adjustments) {
    this.#node = node
    this.#taking = { ...taking, stop: this.#stop, judge: (end) => end }
    this.#adjustments = adjustments
    const { stop } = taking
    this.#forget = stop.onStop(() => this.#stop.because(stop.cause ?? ''))
  }

  async all(items: readonly Json[]): Promise<readonly NodeEnd[]> {
    const { playing } = this.#taking
    const isPlaced = takesPlace(this.#node, playing)
    const ends = await Promise.all(
      items.map((value, index) => (isPlaced ? playing.inTurn(() => this.#one(value, index)) : this.#one(value, index))),
    )
    this.#forget()
    return ends
  }

  async #one(value: Json, index: number): Promise<NodeEnd> {
    const { ctx, rounds } = this.#taking.playing
    const node = this.#node
    const { cause } = this.#stop
    if (cause !== undefined)
      return recordEnd(ctx, { node: node.id, round: rounds.next(node.id, index), item: index }, unreached(cause))
    const end = await tries(node, this.#taking, { adjustments: this.#adjustments, item: { index, value } })
    const isCancelled = end.failure?.code === 'cancelled'
    if (end.failure !== null && (node.on_failure !== 'continue' || isCancelled))
      this.#stop.because(notDone(`${localId(node)}[${index}]`))
    return end
  }
}

function mergedEnd(ends: readonly NodeEnd[]): NodeEnd {
  const writes = writesOfItems(ends.map((end) => end.writes))
  const failure = ends.find((end) => end.failure !== null)?.failure ?? null
  const good = ends.filter(({ status }) => status === 'success').length
  const message = good === ends.length ? `${ends.length} items` : `${good} of ${ends.length} items`
  const common = { message, writes, failure }
  if (failure !== null) return { ...common, status: 'failed', opens: false }
  if (ends.some(({ status }) => status === 'rejected')) return { ...common, status: 'rejected', opens: false }
  const areReached = ends.every(({ opens }) => opens)
  return { ...common, status: good === 0 && ends.length > 0 ? 'skipped' : 'success', opens: areReached }
}
