import type { ToolCall } from '#domain/agents/message.ts'
import { type AnyTool, toolOf } from '#domain/agents/tool-name.ts'
import { type Adjustments, adjustmentsOf, afterBeginning } from '#domain/conductor/adjustments.ts'
import { AFTER_FAILURE, BEFORE_STEP } from '#domain/conductor/asking.ts'
import { nodeOf, STEER_SIGNAL, type Steer, type SteeringCommand } from '#domain/conductor/command.ts'
import { appliesTo, commandsAbout, type PlannedRule } from '#domain/conductor/rule.ts'
import { type SteeredNode, steeredGraph } from '#domain/conductor/steered-graph.ts'
import { type Standing, type Steering, steered, UNSTEERED, without } from '#domain/conductor/steering.ts'
import { CONDUCTOR_STEP, type ContextEntry, OrchContext } from '#domain/context/orch-context.ts'
import { placedEdits } from '#domain/context/placed-edits.ts'
import type { GraphNode } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { Before, Conductor, NodeView } from './conductor.ts'
import type { OrchestrationInput } from './input.ts'
import type { NodeEnd } from './node-end.ts'
import { OpenQuestions } from './open-questions.ts'
import { Proposals } from './proposals.ts'

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
  /** About steps. */
  readonly #questions: OpenQuestions
  readonly #pause: OpenQuestions
  readonly #proposals: Proposals
  readonly #edits: Edit[] = []
  readonly #rounds = new Map<string, number>()
  /** How often rules have repeated each step. */
  readonly #ruleRepeats = new Map<string, number>()
  #cancelled: Failure | undefined
  #hasWithheld = false
  #hasSetPatched = false

  constructor(ctx: WorkflowContext, input: OrchestrationInput) {
    this.#ctx = ctx
    this.#input = input
    this.#nodes = steeredGraph(input.nodes, input.graphs).nodes
    this.#questions = new OpenQuestions(ctx)
    this.#pause = new OpenQuestions(ctx)
    this.#proposals = new Proposals(ctx, (said) => this.#take(said))
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
        this.#proposals.close('The run is cancelled.')
        this.#tellChange()
        return
      }
      this.#take(said.value)
    }
  }

  async before(node: GraphNode, { round }: NodeView): Promise<Before> {
    this.#setPatched(node, round)
    this.#rounds.set(node.id, round)
    this.#obeyRules(node, { moment: 'before' })
    for (;;) {
      const decided = this.#decide(node)
      if (decided !== 'asks') this.#questions.close(node.id)
      if (decided === 'paused') this.#askToContinue(node)
      else if (decided === 'asks') this.#askToBegin(node, round)
      else return decided
      await this.#changed.promise
    }
  }

  async after(node: GraphNode, { status, failure, message }: NodeEnd): Promise<'go' | 'repeat'> {
    this.#obeyRules(node, { moment: 'after', status })
    const isAsked = this.#isInteractive && failure !== null && failure.code !== 'cancelled'
    while (isAsked && this.#mustDecide(node)) {
      this.#askToRepeat(node, message)
      await this.#changed.promise
    }
    this.#questions.close(node.id)
    const { repeats, released } = this.#steering
    const isRepeated = repeats.has(node.id)
    this.#standing.set(node.id, isRepeated ? 'ahead' : 'ended')
    this.#steering = {
      ...this.#steering,
      repeats: without(repeats, node.id),
      // Who said how a failure is to be taken has not said that the step may begin once more.
      released: isAsked ? without(released, node.id) : released,
    }
    return isRepeated ? 'repeat' : 'go'
  }

  /** A fork begins with this, whatever was said in the run that it goes on from. */
  #setPatched({ id }: GraphNode, round: number): void {
    const { node, round: wanted, values, by } = this.#input.patched ?? {}
    if (node !== id || wanted !== round || this.#hasSetPatched) return
    this.#hasSetPatched = true
    for (const [key, value] of Object.entries(values ?? {}))
      this.#take({ command: { do: 'set', key, value }, by: by ?? '' })
  }

  edited({ id }: GraphNode, context: OrchContext): OrchContext {
    // An orchestration within this one has a context of its own.
    if (this.#edits.length === 0 || id.includes('/')) return context
    const edits = this.#edits.map(({ entry, begunSince }) => ({
      entry,
      isBefore: ({ step }: ContextEntry) => begunSince.has(step),
    }))
    return OrchContext.of(placedEdits(context.entries, edits))
  }

  async approveTool(node: GraphNode, call: ToolCall): Promise<string | undefined> {
    const tool = toolOf(call.tool)
    if (tool === undefined) return undefined
    const rule = this.#rulesAbout(node, { moment: 'before' }).find(({ tools }) => tools?.names.includes(tool) === true)
    const then = rule?.tools?.decision ?? (this.#isInteractive && CHANGING.has(tool) ? 'ask' : undefined)
    if (then === 'ask') return await this.#proposals.about(node.id, call)
    if (then === undefined || rule?.tools === undefined) return undefined
    const { number, tools } = rule
    const why = tools.reason === undefined ? {} : { reason: tools.reason }
    const command: SteeringCommand = { do: then, node: node.id, ...why }
    this.#ctx.record({ type: 'conductor.obeyed', body: { node: node.id, by: `rule:${number}`, command } })
    return then === 'approve'
      ? undefined
      : `Rejected by rule ${number}${tools.reason === undefined ? '' : `: ${tools.reason}`}`
  }

  #rulesAbout(
    node: GraphNode,
    turn: { readonly moment: 'before' | 'after'; readonly status?: string },
  ): readonly PlannedRule[] {
    const round = this.#rounds.get(node.id) ?? 1
    const known = this.#steeredNode(node)
    return this.#input.conductor?.rules?.filter((rule) => appliesTo(rule, { ...turn, node: known, round })) ?? []
  }

  #obeyRules(node: GraphNode, turn: { readonly moment: 'before' | 'after'; readonly status?: string }): void {
    for (const rule of this.#rulesAbout(node, turn)) {
      const by = `rule:${rule.number}`
      for (const command of commandsAbout(rule, node.id)) {
        if (command.do === 'repeat' && this.#isRepeatedTooOften(command.node)) this.#refuse(command, by, TOO_OFTEN)
        else this.#take({ command, by })
      }
    }
  }

  /** A rule that repeats a step whenever it ends would never come to an end. */
  #isRepeatedTooOften(node: string): boolean {
    const times = this.#ruleRepeats.get(node) ?? 0
    this.#ruleRepeats.set(node, times + 1)
    return times >= MOST_REPEATS
  }

  #refuse(command: SteeringCommand, by: string, reason: string): void {
    this.#ctx.record({ type: 'conductor.refused', body: { node: nodeOf(command) ?? null, by, command, reason } })
  }

  get #isInteractive(): boolean {
    return this.#input.conductor?.interactive === true
  }

  #mustDecide({ id }: GraphNode): boolean {
    const { stopped, repeats, released } = this.#steering
    return stopped === null && this.#cancelled === undefined && !repeats.has(id) && !released.has(id)
  }

  #decide(node: GraphNode): Before | 'paused' | 'asks' {
    const { stopped, pausedBy, released } = this.#steering
    if (stopped !== null) return { kind: 'stop', reason: stopped.reason ?? `stopped by ${stopped.by}` }
    if (this.#cancelled !== undefined) {
      this.#hasWithheld = true
      return { kind: 'stop', reason: this.#cancelled.code }
    }
    if (pausedBy !== null) return 'paused'
    const skipped = this.#skipped(node)
    if (skipped !== undefined) return skipped
    if (this.#isInteractive && !released.has(node.id)) return 'asks'
    return { kind: 'go', adjustments: this.#begin(node) }
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
    for (const { begunSince } of this.#edits) begunSince.add(node.id)
    return adjustments
  }

  #take({ command, by }: Steer): void {
    const node = nodeOf(command) ?? null
    const standingOf = (id: string) => this.#standing.get(id) ?? 'ahead'
    const asked = this.#isInteractive ? this.#questions.about : null
    const view = { nodes: this.#nodes, standingOf, asked, proposing: this.#proposals.nodes }
    const applied = steered(this.#steering, { command, by }, view)
    if (applied.kind === 'refused') this.#refuse(command, by, applied.reason)
    else {
      this.#ctx.record({ type: 'conductor.obeyed', body: { node, by, command } })
      this.#steering = applied.steering
      this.#act(command, by)
    }
    this.#tellChange()
  }

  #act(command: SteeringCommand, by: string): void {
    if (command.do === 'approve' || command.do === 'reject') this.#proposals.decide(command, by)
    if (command.do === 'stop') this.#proposals.close('The run is being stopped.')
    if (command.do !== 'set') return
    const { key, value } = command
    this.#edits.push({ entry: { key, value, writer: by, step: CONDUCTOR_STEP }, begunSince: new Set() })
  }

  #tellChange(): void {
    const { pausedBy, stopped } = this.#steering
    if (pausedBy === null || stopped !== null) this.#pause.close(PAUSE)
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  /** Whoever looks into the inbox sees that the run is paused, and may let it go on from there. */
  #askToContinue(node: GraphNode): void {
    const { pausedBy } = this.#steering
    this.#pause.ask(PAUSE, {
      text: `paused by ${pausedBy ?? ''} before ${node.id}: go on?`,
      choices: ['continue', 'stop'],
      asker: this.#input.name,
      answered: ({ choice, by }) =>
        this.#take({ command: choice === 'stop' ? { do: 'stop' } : { do: 'continue', node: null }, by }),
    })
  }

  #askToBegin({ id }: GraphNode, round: number): void {
    this.#askAbout(id, { text: round === 1 ? `begin ${id}?` : `begin ${id}, round ${round}?`, choices: BEFORE_STEP })
  }

  #askToRepeat({ id }: GraphNode, message: string): void {
    this.#askAbout(id, { text: `${id} failed (${message}): what now?`, choices: AFTER_FAILURE })
  }

  #askAbout(id: string, asked: { readonly text: string; readonly choices: readonly string[] }): void {
    this.#questions.ask(id, {
      ...asked,
      asker: id,
      answered: ({ choice, by }) => this.#take({ command: commandOf(choice, id), by }),
    })
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

/** A value that was put into the context, and the steps that have begun since. */
interface Edit {
  readonly entry: ContextEntry
  readonly begunSince: Set<string>
}

/** How often rules may repeat one step, whatever they say. */
const MOST_REPEATS = 10
const TOO_OFTEN = `rules have repeated it ${MOST_REPEATS} times`

/** What an agent does with these stays, so a person who is asked before each step is asked before each of them, too. */
const CHANGING: ReadonlySet<AnyTool> = new Set(['write', 'edit', 'run'])

/** What the question that ends a pause is about. */
const PAUSE = 'run'

function commandOf(choice: string, node: string): SteeringCommand {
  switch (choice) {
    case 'skip':
    case 'repeat':
      return { do: choice, node }
    case 'stop':
      return { do: choice }
    default:
      return { do: 'continue', node }
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
