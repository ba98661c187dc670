import type { Result } from '#base/result.ts'
import type { Chosen } from '#domain/agents/choose-tasks.ts'
import type { ToolCall } from '#domain/agents/message.ts'
import type { ScriptPlayer } from '#domain/agents/script.ts'
import type { Adjustments } from '#domain/conductor/adjustments.ts'
import type { ContextWrites, OrchContext } from '#domain/context/orch-context.ts'
import type { AgentNode } from '#domain/definition/orchestration-graph.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { PlannedTask } from '../task-steps.ts'
import type { PlannedTools } from './tool-call.ts'

/** One turn of an agent: what it is given. */
export interface Turn {
  readonly ctx: WorkflowContext
  readonly node: AgentNode
  /** What the steps before it have written. */
  readonly context: OrchContext
  /** What there is to plan, and why. */
  readonly choice: readonly Chosen[]
  readonly known: Known
  /** From 1; more where the node is done again. */
  readonly round: number
  readonly adjustments: Adjustments
  /** The place in a list that it is taken for, from 0. */
  readonly item?: number | null
  /** What scripted backends play in this run. */
  readonly script?: ScriptPlayer
  /** What its tools may touch and run; undefined where it has none but those that act on the run. */
  readonly tools?: PlannedTools
  /** Why a call of a tool is not to be made; undefined where it may. */
  readonly approveTool?: (call: ToolCall) => Promise<string | undefined>
}

/** All that the plan consists of. */
export interface Known {
  readonly tasks: ReadonlyMap<string, PlannedTask>
  readonly jobs: ReadonlyMap<string, PlannedJob>
}

/** A task whose command a builder ran, and what that wrote, by digest. */
export type BuiltItem = {
  readonly name: string
  readonly stdout: string
  readonly stderr: string
}

/** What came of a turn. */
export type TurnEnd = Result<TurnOutcome, Failure>

interface TurnOutcome {
  readonly writes: ContextWrites
  /** One line for people. */
  readonly message: string
  /** There was nothing for it to do, and the message says why. */
  readonly idle?: boolean
  /** What a reviewer says of the work before it. */
  readonly verdict?: TurnVerdict
}

export interface TurnVerdict {
  readonly status: 'passed' | 'rejected'
  readonly reasons: readonly string[]
  /** As texts, for whoever mends them. */
  readonly findings: readonly string[]
}

/** What people call a step of the turn: `builder:site`. */
export function stepName({ node }: Turn, detail: string): string {
  return `${node.id}:${detail}`
}

/** What the plan consists of, by kind; names that nothing is called by are left out. */
export function planned({ context, known }: Turn): {
  readonly tasks: readonly PlannedTask[]
  readonly jobs: readonly PlannedJob[]
} {
  const named = context.texts('plan.tasks')
  const own = context.text('task.name')
  const names = named.length > 0 || own === undefined ? named : [own]
  return {
    tasks: names.flatMap((name) => known.tasks.get(name) ?? []),
    jobs: names.flatMap((name) => (known.tasks.has(name) ? [] : (known.jobs.get(name) ?? []))),
  }
}
