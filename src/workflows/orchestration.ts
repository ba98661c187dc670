import { workflow } from '#engine/workflow.ts'
import { conclude } from './orchestration/conclude.ts'
import { noConductor } from './orchestration/conductor.ts'
import type { OrchestrationInput } from './orchestration/input.ts'
import { Play } from './orchestration/play.ts'

/**
 * Agents that share a context: each takes its turn once those before it have ended. What a turn reads is what the
 * steps before it have written, and nothing of those beside it; so the same graph gives the same context, whichever
 * agent is faster. After a failure no further turn begins.
 */
export const orchestration = workflow<OrchestrationInput, null>('orchestration', 1, async (ctx, input) => {
  const play = new Play({ ctx, input, conductor: noConductor })
  return conclude(input.name, await play.all())
})
