import type { Json } from '#base/json.ts'
import type { Chosen } from '#domain/agents/choose-tasks.ts'
import type { ScriptPlayer } from '#domain/agents/script.ts'
import type { Expressions } from '#domain/conditions/condition.ts'
import type { Adjustments } from '#domain/conductor/adjustments.ts'
import type { OrchContext } from '#domain/context/orch-context.ts'
import type { NodeOf } from '#domain/definition/orchestration-graph.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { Known, TurnEnd } from '../agents/turn.ts'
import type { Stop } from '../stop.ts'
import type { Conductor } from './conductor.ts'
import type { OrchestrationInput } from './input.ts'
import type { Jobs } from './nodes/job-node.ts'
import type { RoundCount } from './round-count.ts'

/** What all graphs of a run have in common while they are played. */
export interface RunParts {
  readonly ctx: WorkflowContext
  readonly input: OrchestrationInput
  readonly conductor: Conductor
  readonly known: Known
  readonly jobs: Jobs
  readonly expressions: Expressions
  readonly rounds: RoundCount
  /** What scripted backends play. */
  readonly script?: ScriptPlayer
  /** As many nodes are at work at once as the run allows. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** What all nodes of one graph have in common. */
export interface Playing extends RunParts {
  /** The orchestration whose graph it is. */
  readonly graph: string
  /** What there is to plan. */
  readonly choice: readonly Chosen[]
  /** Plays another orchestration within this one. */
  readonly playWithin: (node: NodeOf<'orchestration'>, round: Round) => Promise<TurnEnd>
}

/** One round of a node, or of one item of it. */
export interface Round {
  readonly ctx: WorkflowContext
  /** What the steps before it have written. */
  readonly context: OrchContext
  readonly round: number
  readonly adjustments: Adjustments
  /** That nothing more is to begin beside it. */
  readonly stop: Stop
  /** What it is done for, of a list. */
  readonly item?: { readonly index: number; readonly value: Json }
}
