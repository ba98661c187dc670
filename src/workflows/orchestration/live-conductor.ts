import type { ToolCall } from '#domain/agents/message.ts'
import { type AnyTool, toolOf } from '#domain/agents/tool-name.ts'
import { Expressions } from '#domain/conditions/condition.ts'
import { type Adjustments, adjustmentsOf, afterBeginning } from '#domain/conductor/adjustments.ts'
import { nodeOf, STEER_SIGNAL, type Steer, type SteeringCommand } from '#domain/conductor/command.ts'
import type { RuledTurn } from '#domain/conductor/rule.ts'
import { leadsTo, type SteeredNode, steeredGraph, steeredId } from '#domain/conductor/steered-graph.ts'
import { type Standing, type Steering, skipReason, steered, UNSTEERED, without } from '#domain/conductor/steering.ts'
import type { OrchContext } from '#domain/context/orch-context.ts'
import { type GraphNode, workerOf } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { Before, Conductor, NodeView } from './conductor.ts'
import { ContextEdits } from './context-edits.ts'
import type { OrchestrationInput } from './input.ts'
import type { NodeEnd } from './node-end.ts'
import { Proposals, rejectedText } from './proposals.ts'
import { RuleBook } from './rule-book.ts'
import { StepQuestions } from './step-questions.ts'
import { writtenKeys } from './written-keys.ts'

/** What an agent does with these stays, so a person who is asked before each step is asked before each of them, too. */
const CHANGING: ReadonlySet<AnyTool> = new Set(['write', 'edit', 'run'])

/**
 * The Conductor of one run. Commands come as signals while nodes are at work, and each that is obeyed is a fact; what
 * follows from them is decided between the nodes, from those facts alone, so that a replay and a run that goes on after
 * a crash come to the same.
 *
 *   ahead ──(asked, allowed)──► at work ──(ended)──► ended
 *     ▲ ◄──(paused: held)          │                   │
 *     └────────(repeat, rework)────┴───────────────────┘
 */
export class LiveConductor implements Conductor {
  readonly #ctx: WorkflowContext
  readonly #input: OrchestrationInput
  readonly #isInteractive: boolean
  readonly #nodes: readonly SteeredNode[]
  readonly #rules: RuleBook
  readonly #questions: StepQuestions
  readonly #proposals: Proposals
  readonly #edits = new ContextEdits()
  readonly #standing = new Map<string, Standing>()
  readonly #expressions: Expressions
  /** What those at work, or asked about, began with. */
  readonly #views = new Map<string, NodeView>()
  /** Steps that have ended and are to be done again. */
  readonly #again = new Set<string>()
  #steering: Steering = UNSTEERED
  #changed = Promise.withResolvers<void>()
  #onAgain: () => void = () => undefined
  #onStop: (reason: string) => void = () => undefined
  #cancelled: Failure | undefined
  /** The step after whose failure nothing more begins. */
  #failed: string | null = null
  #hasWithheld = false
  #hasSetPatched = false

  constructor(ctx: WorkflowContext, input: OrchestrationInput) {
    const take = (said: Steer) => this.#take(said)
    this.#ctx = ctx
    this.#input = input
    this.#isInteractive = input.conductor?.interactive === true
    this.#nodes = steeredGraph(input.nodes, input.graphs).nodes
    this.#expressions = new Expressions(writtenKeys(input))
    this.#rules = new RuleBook(input.conductor?.rules ?? [])
    this.#questions = new StepQuestions(ctx, input.name, take)
    this.#proposals = new Proposals(ctx, take)
  }

  /** Why the run is to end as cancelled; undefined where nobody wants that. */
  get ending(): Failure | undefined {
    const { stopped } = this.#steering
    if (stopped !== null) return { code: 'cancelled', by: stopped.by }
    return this.#hasWithheld ? this.#cancelled : undefined
  }

  get again(): readonly string[] {
    return [...this.#again]
  }

  onAgain(call: () => void): void {
    this.#onAgain = call
  }

  onStop(call: (reason: string) => void): void {
    this.#onStop = call
  }

  takeAgain(): readonly string[] {
    const ids = this.again
    this.#again.clear()
    for (const id of ids) this.#standing.set(id, 'ahead')
    return ids
  }

  /** Takes commands until the run ends: one wait that is open all the time, so that none is lost. */
  async listen(): Promise<void> {
    for (;;) {
      const said = await this.#ctx.signal<Steer>(STEER_SIGNAL)
      if (said.ok) this.#take(said.value)
      else {
        this.#cancelled = said.error
        this.#proposals.close('The run is cancelled.')
        this.#tellChange()
        return
      }
    }
  }

  async before(node: GraphNode, view: NodeView): Promise<Before> {
    const { id } = node
    const { round, isFirst } = view
    this.#views.set(id, view)
    this.#setPatched(id, round)
    this.#obeyRules(this.#turn(node, 'before'))
    for (;;) {
      const decided = isFirst && this.#isPutBack(id) ? BACK : this.#decide(node)
      if (decided !== 'asks') this.#questions.close(id)
      if (decided === 'paused') this.#questions.toContinue(id, this.#steering.pausedBy ?? '')
      else if (decided === 'asks') this.#questions.toBegin(id, round)
      else return decided
      await this.#changed.promise
    }
  }

  async after(node: GraphNode, { status, writes, failure, message }: NodeEnd): Promise<'go' | 'repeat'> {
    const { id, on_failure: then = 'stop' } = node
    this.#obeyRules(this.#turn(node, 'after', { status, writes }))
    const isAsked = this.#isInteractive && failure !== null && failure.code !== 'cancelled'
    while (isAsked && this.#mustDecide(id)) {
      this.#questions.afterFailure(id, message)
      await this.#changed.promise
    }
    this.#questions.close(id)
    const { repeats, released } = this.#steering
    const isRepeated = repeats.has(id)
    if (failure !== null && !isRepeated && then === 'stop' && !id.includes('/')) this.#failed = id
    this.#views.delete(id)
    this.#stand(id, isRepeated ? 'ahead' : 'ended')
    this.#steering = {
      ...this.#steering,
      repeats: without(repeats, id),
      // Who said how a failure is to be taken has not said that the step may begin once more.
      released: isAsked ? without(released, id) : released,
    }
    return isRepeated ? 'repeat' : 'go'
  }

  /** An orchestration within this one has a context of its own. */
  edited({ id }: GraphNode, context: OrchContext): OrchContext {
    return id.includes('/') ? context : this.#edits.in(context)
  }

  async approveTool(node: GraphNode, call: ToolCall): Promise<string | undefined> {
    const tool = toolOf(call.tool)
    if (tool === undefined) return undefined
    const { id } = node
    const withheld = await this.#untilContinued(id)
    if (withheld !== undefined) return withheld
    const ruled = this.#rules.tool(this.#turn(node, 'before'), tool)
    const decision = ruled?.decision ?? (this.#isInteractive && CHANGING.has(tool) ? 'ask' : undefined)
    if (decision === 'ask') return await this.#proposals.about(id, call)
    if (decision === undefined || ruled === undefined) return undefined
    const { by, reason } = ruled
    const command: SteeringCommand = { do: decision, node: id, ...(reason !== undefined && { reason }) }
    this.#ctx.record({ type: 'conductor.obeyed', body: { node: id, by, command } })
    return decision === 'approve' ? undefined : rejectedText(by, reason)
  }

  /** A fork begins with this, whatever was said in the run that it goes on from. */
  #setPatched(id: string, round: number): void {
    const { node, round: wanted, values, by } = this.#input.patched ?? {}
    if (node !== id || wanted !== round || this.#hasSetPatched) return
    this.#hasSetPatched = true
    for (const [key, value] of Object.entries(values ?? {}))
      this.#take({ command: { do: 'set', key, value }, by: by ?? '' })
  }

  /** In a pause nothing begins, no call of an agent at work either. Why it never will; undefined where it may now. */
  async #untilContinued(id: string): Promise<string | undefined> {
    for (;;) {
      const { stopped, pausedBy } = this.#steering
      if (stopped !== null) return STOPPING
      if (pausedBy === null || this.#cancelled !== undefined) return undefined
      this.#questions.toContinue(id, pausedBy)
      await this.#changed.promise
    }
  }

  /** A turn as rules are asked about it; of what has ended with what it wrote. */
  #turn(node: GraphNode, moment: RuledTurn['moment'], end?: Pick<NodeEnd, 'status' | 'writes'>): RuledTurn {
    const { round = 1, context } = this.#views.get(node.id) ?? {}
    const holds = (condition: string) => {
      if (context === undefined) return undefined
      const written = [{ writer: workerOf(node), step: node.id, writes: end?.writes ?? {} }]
      const held = this.#expressions.holds(condition, this.edited(node, context.with(written)).values)
      return held.ok ? held.value : undefined
    }
    return { moment, node: this.#steeredNode(node.id), round, holds, ...(end !== undefined && { status: end.status }) }
  }

  #obeyRules(turn: RuledTurn): void {
    for (const { command, by } of this.#rules.commands(turn)) {
      const fault = command.do === 'repeat' ? this.#rules.repeating(command.node) : undefined
      if (fault === undefined) this.#take({ command, by })
      else this.#refuse({ command, by }, fault)
    }
  }

  #mustDecide(id: string): boolean {
    const { stopped, repeats, released } = this.#steering
    return stopped === null && this.#cancelled === undefined && !repeats.has(id) && !released.has(id)
  }

  /** Whether something that the step comes after is done again first. */
  #isPutBack(id: string): boolean {
    const node = this.#steeredNode(id)
    return this.again.some((each) => leadsTo(each, node, this.#nodes))
  }

  #decide(node: GraphNode): Before | 'paused' | 'asks' {
    const { stopped, pausedBy, released } = this.#steering
    if (stopped !== null) return { kind: 'stop', reason: stopped.reason ?? `stopped by ${stopped.by}` }
    if (this.#cancelled !== undefined) {
      this.#hasWithheld = true
      return { kind: 'stop', reason: this.#cancelled.code }
    }
    if (pausedBy !== null) return 'paused'
    const known = this.#steeredNode(node.id)
    const reason = skipReason(this.#steering, known)
    if (reason !== undefined) return this.#skip(known, reason)
    if (this.#isInteractive && !released.has(node.id)) return 'asks'
    return { kind: 'go', adjustments: this.#begin(node, known) }
  }

  #skip({ id }: SteeredNode, reason: string): Before {
    this.#steering = { ...this.#steering, skips: without(this.#steering.skips, id) }
    this.#views.delete(id)
    this.#stand(id, 'ended')
    return { kind: 'skip', reason }
  }

  #begin(node: GraphNode, known: SteeredNode): Adjustments {
    const adjustments = adjustmentsOf(this.#steering, known, this.#ownInstructions(node))
    this.#steering = afterBeginning(this.#steering, known)
    this.#stand(node.id, 'at_work')
    this.#edits.begun(node.id)
    return adjustments
  }

  /** Of the items of a list none speaks for all of them. */
  #stand(id: string, standing: Standing): void {
    if (steeredId(id) === id) this.#standing.set(id, standing)
  }

  #take({ command, by }: Steer): void {
    const standingOf = (id: string) => this.#standing.get(id) ?? 'ahead'
    const asked = this.#isInteractive ? this.#questions.asked : null
    const view = { nodes: this.#nodes, standingOf, asked, proposing: this.#proposals.nodes, failed: this.#failed }
    const applied = steered(this.#steering, { command, by }, view)
    if (applied.kind === 'refused') this.#refuse({ command, by }, applied.reason)
    else {
      this.#ctx.record({ type: 'conductor.obeyed', body: { node: nodeOf(command) ?? null, by, command } })
      this.#steering = applied.steering
      this.#act(command, by)
    }
    this.#tellChange()
  }

  #refuse({ command, by }: Steer, reason: string): void {
    this.#ctx.record({ type: 'conductor.refused', body: { node: nodeOf(command) ?? null, by, command, reason } })
  }

  /** What a command does beside steering the steps to come. */
  #act(command: SteeringCommand, by: string): void {
    if (command.do === 'set') this.#edits.set(command, by)
    if (command.do === 'approve' || command.do === 'reject') this.#proposals.decide(command, by)
    if (command.do === 'stop') {
      this.#proposals.close(STOPPING)
      this.#onStop(command.reason ?? `stopped by ${by}`)
    }
    if (command.do !== 'repeat' || this.#standing.get(command.node) !== 'ended') return
    this.#again.add(command.node)
    this.#onAgain()
  }

  #tellChange(): void {
    const { pausedBy, stopped } = this.#steering
    if (pausedBy === null || stopped !== null) this.#questions.endPause()
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #steeredNode(id: string): SteeredNode {
    return this.#nodes.find((node) => node.id === steeredId(id)) ?? { id, needs: [] }
  }

  #ownInstructions(node: GraphNode): string {
    if (node.kind !== 'agent') return ''
    const agent = this.#input.agents.find(({ name }) => name === node.with.agent)
    return node.with.instructions ?? agent?.role.instructions ?? ''
  }
}

const STOPPING = 'The run is being stopped.'
const BACK = { kind: 'back' } as const
