import type { OutputKind } from '#domain/agents/role.ts'
import type { AnyTool } from '#domain/agents/tool-name.ts'
import type { TurnRequirement } from '#domain/agents/turn-requirement.ts'
import type { ModelSetting } from '#domain/orket/models.ts'

/** An agent, built in or of the user's own, as a run pins it: from here on its turns depend on no file. */
export type PlannedAgent = {
  readonly name: string
  /** Whether it is one of ours, whose `command` backend is our own deterministic code. */
  readonly built_in: boolean
  readonly role: PlannedRole
  /** What takes its turns: `command`, `scripted`, `human`, … */
  readonly backend: string
  readonly limits: AgentLimits
  /** Absolute: where its command runs. */
  readonly directory: string
  /** The program that takes the turn of an agent with the backend `command`. */
  readonly command?: readonly string[]
  /** The model that its turns are meant for, and what that is told; kept until a backend talks to one. */
  readonly model?: ModelSetting
  /** What each of its turns must do to count. */
  readonly requires?: TurnRequirement
  /** Variables that it gets beside the usual ones. */
  readonly variables?: readonly string[]
}

/** What of a role its turns need. */
type PlannedRole = {
  readonly instructions: string
  readonly version: number
  readonly reads: readonly string[]
  /** What comes back to it from later steps when its work is rejected. */
  readonly feedback: readonly string[]
  readonly writes: readonly string[]
  readonly tools: readonly AnyTool[]
  readonly output: OutputKind
  /** Whether its calls stand in its text, as those of models without tools of their own. */
  readonly calls_in_text?: boolean
}

/** What one turn may take. Without a number there is the usual limit, of time none. */
export type AgentLimits = {
  readonly timeout_seconds?: number
  readonly replies?: number
  readonly tool_calls?: number
  readonly max_reply_bytes?: number
}
