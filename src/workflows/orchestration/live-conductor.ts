import { type Adjustments, adjustmentsOf, afterBeginning } from '#domain/conductor/adjustments.ts'
import { nodeOf, STEER_SIGNAL, type Steer, type SteeringCommand } from '#domain/conductor/command.ts'
import { type SteeredNode, steeredGraph } from '#domain/conductor/steered-graph.ts'
import { type Standing, type Steering, steered, UNSTEERED, without } from '#domain/conductor/steering.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import { type Answer, answerSignal } from '#domain/people/question.ts'
import type { Pending, WorkflowContext } from '#engine/workflow.ts'
import type { Before, Conductor } from './conductor.ts'
import type { OrchestrationInput } from './input.ts'
import type { NodeEnd } from './node-end.ts'

/**
 * The Conductor of one run. Commands come as signals while nodes are at work, and each that is obeyed is a fact; what
 * follows from them is decided between the nodes, from those facts alone, so that a replay and a run that goes on after
 * a crash come to the same.
 *
 *   ahead ──(asked, allowed)──► at work ──(ended)──► ended
 *     ▲ ◄──(paused: held)          │
 *     └────────(repeat, rework)────┘
 */
export class LiveConductor implements Conductor {
  readonly #ctx: WorkflowContext
  readonly #input: OrchestrationInput
  readonly #nodes: readonly SteeredNode[]
  readonly #standing = new Map<string, Standing>()
  #steering: Steering = UNSTEERED
  #changed = Promise.withResolvers<void>()
  /** The question that ends a pause. */
  #pause: Pending<Answer> | undefined
  #cancelled: Failure | undefined
  #hasWithheld = false

  constructor(ctx: WorkflowContext, input: OrchestrationInput) {
    this.#ctx = ctx
    this.#input = input
    this.#nodes = steeredGraph(input.nodes).nodes
  }

  /** Why the run is to end as cancelled; undefined where nobody wants that. */
  get ending(): Failure | undefined {
    const { stopped } = this.#steering
    if (stopped !== null) return { code: 'cancelled', by: stopped.by }
    return this.#hasWithheld ? this.#cancelled : undefined
  }

  /** Takes commands until the run ends: one wait that is open all the time, so that none is lost. */
  async listen(): Promise<void> {
    for (;;) {
      const said = await this.#ctx.signal<Steer>(STEER_SIGNAL)
      if (!said.ok) {
        this.#cancelled = said.error
        this.#tellChange()
        return
      }
      this.#take(said.value)
    }
  }

  async before(node: GraphNode): Promise<Before> {
    for (;;) {
      const decided = this.#decide(node)
      if (decided !== 'wait') return decided
      this.#askToContinue(node)
      await this.#changed.promise
    }
  }

  async after(node: GraphNode, _end: NodeEnd): Promise<'go' | 'repeat'> {
    const { repeats } = this.#steering
    if (!repeats.has(node.id)) {
      this.#standing.set(node.id, 'ended')
      return 'go'
    }
    this.#steering = { ...this.#steering, repeats: without(repeats, node.id) }
    this.#standing.set(node.id, 'ahead')
    return 'repeat'
  }

  #decide(node: GraphNode): Before | 'wait' {
    const { stopped, pausedBy } = this.#steering
    if (stopped !== null) return { kind: 'stop', reason: stopped.reason ?? `stopped by ${stopped.by}` }
    if (this.#cancelled !== undefined) {
      this.#hasWithheld = true
      return { kind: 'stop', reason: this.#cancelled.code }
    }
    if (pausedBy !== null) return 'wait'
    return this.#skipped(node) ?? { kind: 'go', adjustments: this.#begin(node) }
  }

  #skipped(node: GraphNode): Before | undefined {
    const { drops, skips, disabled } = this.#steering
    const role = this.#steeredNode(node).role ?? ''
    const skippedBy = skips.get(node.id)
    const reason = whoSkips(drops.get(node.id), skippedBy, [role, disabled.get(role)])
    if (reason === undefined) return undefined
    if (skippedBy !== undefined) this.#steering = { ...this.#steering, skips: without(skips, node.id) }
    this.#standing.set(node.id, 'ended')
    return { kind: 'skip', reason }
  }

  #begin(node: GraphNode): Adjustments {
    const known = this.#steeredNode(node)
    const adjustments = adjustmentsOf(this.#steering, known, this.#ownInstructions(node))
    this.#steering = afterBeginning(this.#steering, known)
    this.#standing.set(node.id, 'at_work')
    return adjustments
  }

  #take({ command, by }: Steer): void {
    const node = nodeOf(command) ?? null
    const standingOf = (id: string) => this.#standing.get(id) ?? 'ahead'
    const applied = steered(this.#steering, { command, by }, { nodes: this.#nodes, standingOf })
    if (applied.kind === 'refused') {
      this.#ctx.record({ type: 'conductor.refused', body: { node, by, command, reason: applied.reason } })
      return
    }
    this.#ctx.record({ type: 'conductor.obeyed', body: { node, by, command } })
    this.#steering = applied.steering
    this.#tellChange()
  }

  #tellChange(): void {
    const { pausedBy, stopped } = this.#steering
    if (pausedBy === null || stopped !== null) this.#closePause()
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  /** Whoever looks into the inbox sees that the run is paused, and may let it go on from there. */
  #askToContinue(node: GraphNode): void {
    const { pausedBy } = this.#steering
    if (pausedBy === null || this.#pause !== undefined) return
    const id = this.#ctx.uuid()
    const text = `paused by ${pausedBy} before ${node.id}: go on?`
    const question = {
      id,
      text,
      choices: ['continue', 'stop'],
      asker: this.#input.name,
      addressee: 'anyone',
      deadline: null,
    }
    const pause = this.#ctx.signal<Answer>(answerSignal(id), question)
    this.#pause = pause
    void pause.then((answered) => {
      if (!answered.ok) return
      this.#pause = undefined
      const { choice, by } = answered.value
      const command: SteeringCommand = choice === 'stop' ? { do: 'stop' } : { do: 'continue', node: null }
      this.#take({ command, by })
    })
  }

  #closePause(): void {
    const pause = this.#pause
    this.#pause = undefined
    pause?.cancel()
  }

  #steeredNode({ id }: GraphNode): SteeredNode {
    return this.#nodes.find((node) => node.id === id) ?? { id, needs: [] }
  }

  #ownInstructions(node: GraphNode): string {
    if (node.kind !== 'agent') return ''
    const agent = this.#input.agents.find(({ name }) => name === node.with.agent)
    return node.with.instructions ?? agent?.role.instructions ?? ''
  }
}

function whoSkips(
  droppedBy: string | undefined,
  skippedBy: string | undefined,
  [role, disabledBy]: readonly [string, string | undefined],
): string | undefined {
  if (droppedBy !== undefined) return `dropped by ${droppedBy}`
  if (skippedBy !== undefined) return `skipped by ${skippedBy}`
  return disabledBy === undefined ? undefined : `${role} is disabled by ${disabledBy}`
}
