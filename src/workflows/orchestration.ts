import { err } from '#base/result.ts'
import { workflow } from '#engine/workflow.ts'
import { conclude } from './orchestration/conclude.ts'
import type { OrchestrationInput } from './orchestration/input.ts'
import { LiveConductor } from './orchestration/live-conductor.ts'
import { perform } from './orchestration/perform.ts'
import { TreeRecorder } from './orchestration/tree-recorder.ts'

/**
 * Agents that share a context: each takes its turn once those before it have ended. What a turn reads is what the
 * steps before it have written, and nothing of those beside it; so the same graph gives the same context, whichever
 * agent is faster. After a failure that nothing takes up no further turn begins.
 */
export const orchestration = workflow<OrchestrationInput, null>('orchestration', 1, async (ctx, input) => {
  const conductor = new LiveConductor(ctx, input)
  void conductor.listen()
  const trees = new TreeRecorder(ctx, input)
  const ends = await perform({ ctx: trees.ctx, input, conductor })
  await trees.record()
  return conductor.ending === undefined ? conclude(input.name, ends) : err(conductor.ending)
})
