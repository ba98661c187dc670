import type { Json } from '#base/json.ts'
import { type GraphNode, type NamedGraph, workerOf } from '../definition/orchestration-graph.ts'
import type { EventOf, RunEvent } from '../run/event.ts'
import type { NodeStatus } from '../run/recorded-fact.ts'
import { type Adjustments, adjustmentsOf, afterBeginning, instructionsDiff } from './adjustments.ts'
import type { SteeringCommand } from './command.ts'
import { nodeOfId, type SteeredNode, steeredGraph, steeredId } from './steered-graph.ts'
import { type Steering, type SteeringView, steered, UNSTEERED } from './steering.ts'

/** What a person should know who is asked whether a step may begin, or what to do about its failure. */
export interface StepPrompt {
  readonly worker: string
  /** Null where no agent takes it. */
  readonly backend: string | null
  readonly adjustments: Adjustments
  /** What its agent is told otherwise than its role says, line by line. */
  readonly diff: readonly string[]
  /** What came last of all steps. */
  readonly last: LastOutput | null
  readonly spent: Spent
}

interface LastOutput {
  readonly node: string
  readonly status: NodeStatus
  readonly message: string
  readonly writes: Readonly<Record<string, Json>>
}

/** How much was done so far. What models cost, nobody has told. */
interface Spent {
  readonly turns: number
  readonly replies: number
  readonly toolCalls: number
  readonly durationMs: number
}

/** What of an orchestration's pinned input its steps are told by. */
interface PinnedInput {
  readonly nodes: readonly GraphNode[]
  readonly graphs?: readonly NamedGraph[]
  readonly agents: readonly {
    readonly name: string
    readonly backend: string
    readonly role: { readonly instructions: string }
  }[]
}

/** What is to be known at each step of an orchestration's run, folded from its facts. */
export class StepPrompts {
  readonly #input: PinnedInput
  readonly #nodes: readonly SteeredNode[]
  readonly #startedAt: number
  #steering: Steering = UNSTEERED
  #last: LastOutput | null = null
  #spent = { turns: 0, replies: 0, toolCalls: 0 }

  constructor(queued: EventOf<'run.queued'>) {
    // The workflow's name says what its input is.
    this.#input = queued.body.input as unknown as PinnedInput
    this.#nodes = steeredGraph(this.#input.nodes, this.#input.graphs).nodes
    this.#startedAt = queued.at
  }

  add(event: RunEvent): void {
    const spent = this.#spent
    if (event.type === 'node.started') {
      this.#steering = afterBeginning(this.#steering, this.#steeredNode(event.body.node))
      this.#spent = { ...spent, turns: spent.turns + 1 }
    } else if (event.type === 'node.ended') {
      const { node, status, message, writes } = event.body
      this.#last = { node, status, message, writes }
    } else if (event.type === 'conductor.obeyed') this.#obey(event)
    else if (event.type === 'step.succeeded') {
      if (event.body.activity === 'reply') this.#spent = { ...spent, replies: spent.replies + 1 }
      if (event.body.activity === 'tool') this.#spent = { ...spent, toolCalls: spent.toolCalls + 1 }
    }
  }

  /** Undefined where the run has no such step. */
  of(id: string, now: number): StepPrompt | undefined {
    const node = nodeOfId(id, this.#input.nodes, this.#input.graphs)
    if (node === undefined) return undefined
    const isAgent = node.kind === 'agent'
    const agent = isAgent ? this.#input.agents.find(({ name }) => name === node.with.agent) : undefined
    const own = (isAgent ? node.with.instructions : undefined) ?? agent?.role.instructions ?? ''
    const adjustments = adjustmentsOf(this.#steering, this.#steeredNode(id), own)
    const backend = adjustments.backend ?? (isAgent ? node.with.backend : undefined) ?? agent?.backend ?? null
    const diff = instructionsDiff(own, adjustments.instructions)
    const spent = { ...this.#spent, durationMs: now - this.#startedAt }
    return { worker: workerOf(node), backend, adjustments, diff, last: this.#last, spent }
  }

  #obey({ body }: EventOf<'conductor.obeyed'>): void {
    // Only commands stand there; whether it came in time was decided when it was recorded.
    const said = { command: body.command as SteeringCommand, by: body.by }
    const view: SteeringView = {
      nodes: this.#nodes,
      standingOf: () => 'ahead',
      asked: [],
      proposing: this.#nodes.map(({ id }) => id),
      failed: null,
    }
    const applied = steered(this.#steering, said, view)
    if (applied.kind === 'obeyed') this.#steering = applied.steering
  }

  #steeredNode(id: string): SteeredNode {
    return this.#nodes.find((node) => node.id === steeredId(id)) ?? { id, needs: [] }
  }
}
