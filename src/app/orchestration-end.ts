import { onOneLine } from '#base/text.ts'
import type { ContextEntry } from '#domain/context/orch-context.ts'
import { workerOf } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { AgentEnd } from '#domain/run/agent-end.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { OrchestrationEnd } from '#domain/run/orchestration-record.ts'
import type { OrchestrationInput, OrchestrationOutput } from '#workflows/orchestration/input.ts'
import { describeFailure } from './failure-text.ts'

/** How an orchestration ended, by the events of its run; undefined while it has not, and for a run of something else. */
export function orchestrationEnd(events: readonly RunEvent[]): OrchestrationEnd | undefined {
  const [queued, end] = [events[0], events.at(-1)]
  if (queued?.type !== 'run.queued' || queued.body.workflow !== 'orchestration' || end === undefined) return undefined
  // The workflow's name says what its input and output are.
  const { name, nodes } = queued.body.input as unknown as OrchestrationInput
  const times = { name, startedAt: queued.at, endedAt: end.at }
  if (end.type === 'run.succeeded') {
    return { ...times, ...(end.body.output as unknown as OrchestrationOutput), succeeded: true }
  }
  if (end.type !== 'run.failed' && end.type !== 'run.cancelled' && end.type !== 'run.timed_out') return undefined
  const { failure } = end.body
  if (failure.code === 'orchestration_failed') {
    // It was a failure when it was recorded.
    const message = onOneLine(describeFailure(failure.cause as unknown as Failure).headline)
    const agents = failure.agents.map((agent) => (agent.status === 'failed' ? { ...agent, message } : agent))
    return { ...times, agents, context: failure.context as readonly ContextEntry[], succeeded: false }
  }
  const agents = nodes.map((node): AgentEnd => {
    return {
      id: node.id,
      name: workerOf(node),
      status: 'skipped',
      message: failure.code,
      started_at: null,
      ended_at: null,
    }
  })
  return { ...times, agents, context: [], succeeded: false }
}
