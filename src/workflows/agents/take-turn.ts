import { err } from '#base/result.ts'
import { REPLY_BACKENDS } from '#domain/agents/backend.ts'
import { build } from './builder.ts'
import { document } from './doc.ts'
import { askPerson } from './human-turn.ts'
import { takeByReplies } from './model-turn.ts'
import { runCommand } from './own-agent.ts'
import type { PlannedAgent } from './planned-agent.ts'
import { plan } from './planner.ts'
import { review } from './reviewer.ts'
import type { Turn, TurnEnd } from './turn.ts'
import { inTime } from './turn-limits.ts'

/** The turns of the built-in roles with the `command` backend: deterministic, without a model. */
const BUILT_IN: Readonly<Record<string, (turn: Turn) => Promise<TurnEnd>>> = {
  PlannerAgent: plan,
  BuilderAgent: build,
  ReviewerAgent: review,
  DocAgent: document,
}

/** Backends that take a turn reply by reply. */
const BY_REPLIES: ReadonlySet<string> = new Set(REPLY_BACKENDS)

/** One turn of an agent, by its backend. A backend that is not there is a failure: nothing takes its place. */
export async function takeTurn(turn: Turn, agent: PlannedAgent): Promise<TurnEnd> {
  const backend = turn.adjustments.backend ?? turn.node.with.backend ?? agent.backend
  if (backend === 'human') return await inTime(turn, agent, async (timed) => await askPerson({ turn: timed, agent }))
  if (BY_REPLIES.has(backend)) return await takeByReplies({ turn, agent, backend })
  if (backend === 'command') {
    const own = agent.built_in ? BUILT_IN[agent.name] : undefined
    if (own !== undefined) return await own(turn)
    const [program, ...args] = agent.command ?? []
    if (program !== undefined) return await runCommand(turn, agent, [program, ...args])
  }
  return err({ code: 'backend_missing', agent: agent.name, backend })
}
