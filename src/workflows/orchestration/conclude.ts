import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { NodeEnd } from './node-end.ts'

/** What became of the run, by what became of its nodes. How each of them ended, their facts say. */
export function conclude(
  name: string,
  ends: readonly { readonly node: GraphNode; readonly end: NodeEnd }[],
): Result<null, Failure> {
  const failed = ends.find(({ end }) => end.failure !== null)
  if (failed === undefined || failed.end.failure === null) return ok(null)
  const { failure } = failed.end
  // Whoever cancelled the run ended it, whichever agent was at work.
  if (failure.code === 'cancelled') return err(failure)
  return err({
    code: 'orchestration_failed',
    orchestration: name,
    node: failed.node.id,
    agent: workerOf(failed.node),
    cause: failure as Readonly<Record<string, Json>>,
  })
}
