import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { OrchContext } from '#domain/context/orch-context.ts'
import type { Failure } from '#domain/failure.ts'
import type { OrchestrationInput, OrchestrationOutput } from './input.ts'
import type { NodeEnd } from './node-end.ts'

/** What became of the run, by what became of its nodes. */
export function conclude(
  { name }: OrchestrationInput,
  context: OrchContext,
  ends: readonly NodeEnd[],
): Result<OrchestrationOutput, Failure> {
  const agents = ends.map(({ end }) => end)
  const failed = ends.find(({ failure }) => failure !== undefined)
  if (failed?.failure === undefined) return ok({ agents, context: context.entries })
  // Whoever cancelled the run ended it, whichever agent was at work.
  if (failed.failure.code === 'cancelled') return err(failed.failure)
  return err({
    code: 'orchestration_failed',
    orchestration: name,
    agent: failed.end.name,
    cause: failed.failure as Readonly<Record<string, Json>>,
    agents: [...agents],
    context: [...context.entries],
  })
}
