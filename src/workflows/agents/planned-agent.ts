/** An agent, built in or of the user's own, as a run pins it: from here on its turns depend on no file. */
export type PlannedAgent = {
  readonly name: string
  /** Whether it is one of ours, whose `command` backend is our own deterministic code. */
  readonly built_in: boolean
  readonly role: PlannedRole
  /** What takes its turns: `command`, `human`, … */
  readonly backend: string
  readonly limits: AgentLimits
  /** Absolute: where its command runs. */
  readonly directory: string
  /** The program that takes the turn of an agent with the backend `command`. */
  readonly command?: readonly string[]
}

/** What of a role its turns need. */
type PlannedRole = {
  readonly instructions: string
  readonly reads: readonly string[]
  /** What comes back to it from later steps when its work is rejected. */
  readonly feedback: readonly string[]
  readonly writes: readonly string[]
}

type AgentLimits = {
  readonly timeout_seconds?: number
}
