import type { Json } from '#base/json.ts'
import { OrchContext } from '#domain/context/orch-context.ts'
import { wholeSeconds } from './job-record.ts'
import type { NodeState } from './node-state.ts'
import type { TimedEntry } from './orchestration-fold.ts'

/** The end of an orchestration. Times in milliseconds since the epoch. */
export interface OrchestrationEnd {
  readonly name: string
  readonly agents: readonly NodeState[]
  readonly context: readonly TimedEntry[]
  readonly startedAt: number
  readonly endedAt: number
  readonly succeeded: boolean
}

/** The record of an orchestration for people and scripts, key by key as the ancestor documents it, and more of it. */
export interface OrchestrationRecord {
  readonly orchestration: string
  /** Those that were never reached are there, too. */
  readonly agents: readonly AgentRecord[]
  readonly start_time: string
  readonly end_time: string
  readonly duration_ms: number
  readonly status: 'success' | 'failed'
  /** The values that count, by key; not only texts. */
  readonly context: Readonly<Record<string, Json>>
  /** Each write with its writer, its step and its time. */
  readonly context_writes: readonly ContextWrite[]
}

interface AgentRecord {
  readonly name: string
  readonly node: string
  readonly backend: string | null
  readonly round: number
  readonly item: number | null
  readonly start_time: string | null
  readonly end_time: string | null
  readonly duration_ms: number
  readonly status: NodeState['status']
  readonly message: string
}

interface ContextWrite {
  readonly key: string
  readonly writer: string
  readonly step: string
  readonly time: string
}

export function orchestrationRecord(end: OrchestrationEnd): OrchestrationRecord {
  const { name, agents, context, startedAt, endedAt, succeeded } = end
  return {
    orchestration: name,
    agents: agents.map(agentRecord),
    start_time: wholeSeconds(startedAt),
    end_time: wholeSeconds(endedAt),
    duration_ms: endedAt - startedAt,
    status: succeeded ? 'success' : 'failed',
    context: OrchContext.of(context).values,
    context_writes: context.map(({ key, writer, step, at }) => ({ key, writer, step, time: wholeSeconds(at) })),
  }
}

function agentRecord({
  id,
  name,
  backend,
  round,
  item,
  started_at,
  ended_at,
  status,
  message,
}: NodeState): AgentRecord {
  return {
    name,
    node: id,
    backend,
    round,
    item,
    start_time: started_at === null ? null : wholeSeconds(started_at),
    end_time: ended_at === null ? null : wholeSeconds(ended_at),
    duration_ms: started_at === null || ended_at === null ? 0 : ended_at - started_at,
    status,
    message,
  }
}
