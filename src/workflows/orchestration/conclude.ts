import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { workerOf } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { Ended } from './play.ts'

/** What became of a graph, by what became of its nodes. How each of them ended, their facts say. */
export function conclude(name: string, ends: readonly Ended[]): Result<null, Failure> {
  // Whoever cancelled the run ended it, whichever agent was at work.
  const cancelled = ends.find(({ end }) => end.failure?.code === 'cancelled')
  if (cancelled?.end.failure) return err(cancelled.end.failure)
  const failed = ends.find(({ node, end }) => end.failure !== null && (node.on_failure ?? 'stop') === 'stop')
  if (failed === undefined || failed.end.failure === null) return ok(null)
  return err({
    code: 'orchestration_failed',
    orchestration: name,
    node: failed.node.id,
    agent: workerOf(failed.node),
    cause: failed.end.failure as Readonly<Record<string, Json>>,
  })
}
