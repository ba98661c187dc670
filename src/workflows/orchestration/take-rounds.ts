import type { Adjustments } from '#domain/conductor/adjustments.ts'
import { mergedWrites } from '#domain/context/merged-writes.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import { notDone } from '#domain/run/node-state.ts'
import { forEachItem } from './for-each-item.ts'
import { failed, leftOut, type NodeEnd, unreached } from './node-end.ts'
import { takesPlace } from './take-node.ts'
import { localId, type Taking } from './taking.ts'
import { passOver, tries } from './tries.ts'
import { Until } from './until.ts'

/** Does a node as often as it is to be done: for each item, until its condition holds, and as the Conductor says; or puts it back. */
export async function takeRounds(node: GraphNode, taking: Taking): Promise<NodeEnd | 'back'> {
  const { playing } = taking
  return node.foreach === undefined && takesPlace(node, playing)
    ? await playing.inTurn(() => roundsOrStop(node, taking))
    : await roundsOrStop(node, taking)
}

/** Before its place is given to the next one, which must not begin after a failure. */
async function roundsOrStop(node: GraphNode, taking: Taking): Promise<NodeEnd | 'back'> {
  const end = await rounds(node, taking)
  if (end !== 'back' && stopsAll(node, end)) taking.stop.because(notDone(localId(node)))
  return end
}

/** Whether nobody takes the failure up; a run that is cancelled does not go on elsewhere. */
function stopsAll({ on_failure: then = 'stop' }: GraphNode, { failure }: NodeEnd): boolean {
  return failure !== null && (then === 'stop' || failure.code === 'cancelled')
}

async function rounds(node: GraphNode, taking: Taking): Promise<NodeEnd | 'back'> {
  const { playing } = taking
  const skipped = unlessWanted(node, taking)
  if (skipped !== undefined) {
    // Whatever is to begin in this very turn must know of it.
    if (stopsAll(node, skipped)) taking.stop.because(notDone(localId(node)))
    return passOver(node, skipped, playing)
  }
  let writes: NodeEnd['writes'] = {}
  let isFirst = true
  for (let done = 0; ; isFirst = false) {
    const context = taking.context.with([{ writer: workerOf(node), step: localId(node), writes }])
    const before = await beforeRound(node, { ...taking, context }, isFirst)
    if (before.kind === 'back') return 'back'
    if (before.kind === 'over') return { ...passOver(node, before.end, playing), writes }
    const edited = playing.conductor.edited(node, context)
    const until = new Until(node, { done: done + 1, context: edited, playing })
    const judge = (end: NodeEnd) => until.judge(taking.judge(end))
    const end = await oneRound(node, { ...taking, context: edited, judge }, before.adjustments)
    writes = mergedWrites(writes, end.writes)
    const isRepeated = (await playing.conductor.after(node, end)) === 'repeat'
    if (!isRepeated && !until.goesOn) return { ...end, writes }
    // A round that somebody asked for is none of those that the limit counts.
    if (until.goesOn) done += 1
  }
}

type BeforeRound =
  | { readonly kind: 'go'; readonly adjustments: Adjustments }
  | { readonly kind: 'over'; readonly end: NodeEnd }
  | { readonly kind: 'back' }

async function beforeRound(
  node: GraphNode,
  { playing, context, stop }: Taking,
  isFirst: boolean,
): Promise<BeforeRound> {
  if (stop.cause !== undefined) return { kind: 'over', end: unreached(stop.cause) }
  const before = await playing.conductor.before(node, { context, round: playing.rounds.get(node.id) + 1, isFirst })
  if (before.kind === 'skip') return { kind: 'over', end: leftOut(before.reason) }
  if (before.kind === 'stop') stop.because(before.reason)
  // While the Conductor was asked, something else may have failed.
  if (stop.cause !== undefined) return { kind: 'over', end: unreached(stop.cause) }
  return before.kind === 'go' || before.kind === 'back'
    ? before
    : { kind: 'over', end: unreached(notDone(localId(node))) }
}

/** Why the node is not to be done, as its end. */
function unlessWanted(node: GraphNode, { context, playing, stop }: Taking): NodeEnd | undefined {
  if (stop.cause !== undefined) return unreached(stop.cause)
  if (node.when === undefined) return undefined
  const holds = playing.expressions.holds(node.when, playing.conductor.edited(node, context).values)
  if (!holds.ok) return failed({ code: 'condition_failed', node: node.id, condition: node.when, reason: holds.error })
  return holds.value ? undefined : leftOut(`not wanted: ${node.when}`)
}

async function oneRound(node: GraphNode, taking: Taking, adjustments: Adjustments): Promise<NodeEnd> {
  return node.foreach === undefined
    ? await tries(node, taking, { adjustments })
    : await forEachItem(node, taking, adjustments)
}
