import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { withinSize } from '#domain/agents/conversation-size.ts'
import type { Message } from '#domain/agents/message.ts'
import { instructionsFor, PROMPT_VERSION, promptFor } from '#domain/agents/prompt.ts'
import { recentTranscript } from '#domain/agents/recent-transcript.ts'
import type { ReplyRequest } from '#domain/agents/reply-request.ts'
import type { ScriptedReply } from '#domain/agents/script.ts'
import type { Failure } from '#domain/failure.ts'
import type { PlannedAgent } from './planned-agent.ts'
import type { Turn } from './turn.ts'
import { limitsOf } from './turn-limits.ts'

/** Who talks, by which backend, and what is told at the beginning. */
export interface Talk {
  readonly turn: Turn
  readonly agent: PlannedAgent
  readonly backend: string
  /** What code found out for the agent before its turn. */
  readonly known?: Readonly<Record<string, Json>>
}

/** What an agent is told first: the values that its role reads, what came back to it, and everybody's notes. */
export function openingOf({ turn, agent, known = {} }: Talk): Message {
  const context = Object.fromEntries(
    [...agent.role.reads, ...agent.role.feedback, 'notes'].flatMap((key) => {
      const value = turn.context.get(key)
      return value === undefined ? [] : [[key, key === 'transcript' ? recentTranscript(value) : value]]
    }),
  )
  return { from: 'run', text: promptFor({ context, known, round: turn.round }) }
}

/** What a backend is asked for the next reply of a talk. */
export function requestOf(talk: Talk, messages: readonly Message[]): Result<ReplyRequest, Failure> {
  const { turn, agent, backend } = talk
  const { role } = agent
  const scripted = scriptedReply(talk)
  if (!scripted.ok) return scripted
  const { temperature } = turn.adjustments
  return ok({
    node: turn.node.id,
    role: agent.name,
    backend,
    role_version: role.version,
    prompt_version: PROMPT_VERSION,
    instructions: instructionsFor({
      instructions: turn.adjustments.instructions ?? turn.node.with.instructions ?? role.instructions,
      output: role.output,
      writes: role.writes,
      tools: role.tools,
      commands: Object.keys(turn.tools?.commands ?? {}),
      callsInText: role.calls_in_text === true,
    }),
    messages: withinSize(messages),
    tools: role.tools,
    output: role.output,
    max_reply_bytes: limitsOf(turn, agent).max_reply_bytes,
    ...(temperature !== undefined && { temperature }),
    ...(scripted.value !== undefined && { scripted: scripted.value }),
  })
}

function scriptedReply({ turn, agent, backend }: Talk): Result<ScriptedReply | undefined, Failure> {
  const { node, script, item = null } = turn
  if (backend !== 'scripted') return ok(undefined)
  // Only where the backend was changed on the way: otherwise it was found before the run.
  if (script === undefined) return err({ code: 'script_missing', agents: [node.id] })
  const who = { node: node.id, role: agent.name, item }
  const next = script.next(who)
  return next === undefined ? err({ code: 'script_exhausted', agent: node.id, replies: script.count(who) }) : ok(next)
}
