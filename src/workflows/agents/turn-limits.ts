import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { within } from '../orchestration/scope.ts'
import type { AgentLimits, PlannedAgent } from './planned-agent.ts'
import type { Turn } from './turn.ts'

export type TurnLimits = Required<Omit<AgentLimits, 'timeout_seconds'>> & Pick<AgentLimits, 'timeout_seconds'>

/**
 * The limits of a turn: what the conductor says counts before what the agent's own say. Where nobody says anything, it
 * may take what follows, and all the time that it wants.
 */
export function limitsOf({ adjustments }: Turn, { limits }: PlannedAgent): TurnLimits {
  const said = { ...limits, ...adjustments.limits }
  const { replies = 50, tool_calls = 200, max_reply_bytes = 1_000_000, timeout_seconds } = said
  return { replies, tool_calls, max_reply_bytes, ...(timeout_seconds !== undefined && { timeout_seconds }) }
}

/** The turn within its time; where that is up, all that it has begun is ended first. */
export async function inTime<T>(
  turn: Turn,
  agent: PlannedAgent,
  take: (turn: Turn) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const { timeout_seconds: allowed = 0 } = limitsOf(turn, agent)
  if (allowed <= 0) return await take(turn)
  const taken = await within(turn.ctx, allowed * 1000, async (ctx) => await take({ ...turn, ctx }))
  if (taken.ok || taken.error.code !== 'timed_out' || taken.error.timeout_ms !== allowed * 1000) return taken
  return err({ code: 'turn_limit', agent: turn.node.id, limit: 'timeout_seconds', allowed })
}
