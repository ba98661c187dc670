import type { Json } from '#base/json.ts'
import type { Candidate, Chosen } from '#domain/agents/choose-tasks.ts'
import type { Script } from '#domain/agents/script.ts'
import type { PlannedRule } from '#domain/conductor/rule.ts'
import type { GraphNode, NamedGraph } from '#domain/definition/orchestration-graph.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { FlowOrigin } from '#domain/orket/flow-origin.ts'
import type { PlannedAgent } from '../agents/planned-agent.ts'
import type { PlannedTools } from '../agents/tool-call.ts'
import type { PlannedTask } from '../task-steps.ts'

/** All that the run of an orchestration depends on. */
export type OrchestrationInput = {
  readonly name: string
  readonly goal?: string
  /** The one task that was asked for. */
  readonly task?: string
  /** What the planner plans, each after its needs, and why. */
  readonly choice: readonly Chosen[]
  /** Each after all that it needs. */
  readonly nodes: readonly GraphNode[]
  /** The agents that take part, built-in ones, too. */
  readonly agents: readonly PlannedAgent[]
  /** All that the plan consists of. */
  readonly tasks: readonly PlannedTask[]
  readonly jobs: readonly PlannedJob[]
  /** What the tools of its agents may touch and run. */
  readonly tools?: PlannedTools
  /** How many nodes work at once. */
  readonly parallel: number
  /** The directories in which something may change and that lie in repositories: their trees are recorded. */
  readonly trees?: readonly string[]
  /** What a person puts into the shared context of a fork as its first step of its own begins. */
  readonly patched?: PatchedContext
  /** What agents with the scripted backend say. */
  readonly script?: Script
  readonly conductor?: PlannedConductor
  /** The files of a flow that it was made from. */
  readonly flow?: FlowOrigin
  /** The orchestrations that are played within this one, each once. */
  readonly graphs?: readonly NamedGraph[]
  /** What those may plan: their goal or task may be known in the run only. */
  readonly candidates?: readonly Candidate[]
  /** The jobs of nodes that give them parameters or arguments, by orchestration and node. */
  readonly job_nodes?: Readonly<Record<string, PlannedJob>>
}

/** Under what a node's own job stands in `job_nodes`. */
export function jobNodeKey(orchestration: string, node: string): string {
  return `${orchestration}/${node}`
}

type PatchedContext = {
  readonly node: string
  readonly round: number
  readonly values: Readonly<Record<string, Json>>
  /** Who, as the log names people. */
  readonly by: string
}

/** How the run is governed by itself, beside what it is told while it goes on. */
type PlannedConductor = {
  /** Asks a person before each step, and what to do about each that failed. */
  readonly interactive?: boolean
  /** In the order in which they count. */
  readonly rules?: readonly PlannedRule[]
}
