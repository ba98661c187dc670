import { err, ok, type Result } from '#base/result.ts'
import { TOOL_NAMES } from '../agents/tool-name.ts'
import type { ConductorRule } from '../definition/conductor-rule.ts'
import { about, type SteeringCommand, type Target } from './command.ts'
import { notAmong, type WordsFault } from './command-forms.ts'
import { readCommand } from './read-command.ts'
import { splitWords } from './split-words.ts'
import { roleNamed, rolesOf, type SteeredGraph, type SteeredNode } from './steered-graph.ts'

/** A rule as a run pins it: names are resolved, words are read. */
export type PlannedRule = {
  /** Its place among the rules, from 1: who obeys it says `rule:2`. */
  readonly number: number
  readonly moment: 'before' | 'after'
  /** Null is any step. */
  readonly target: Target | null
  readonly when?: string
  readonly round?: number
  readonly status?: NonNullable<ConductorRule['status']>
  readonly tools?: ToolRule
  readonly commands: readonly SteeringCommand[]
}

/** What becomes of calls of these tools. */
type ToolRule = {
  readonly names: readonly string[]
  readonly decision: 'ask' | 'approve' | 'reject'
  readonly reason?: string
}

/** What a rule means in this graph. */
export function plannedRule(rule: ConductorRule, number: number, graph: SteeredGraph): Result<PlannedRule, WordsFault> {
  const { before, after, when, round, status } = rule
  if ((before === undefined) === (after === undefined)) return missing('either before or after')
  if (status !== undefined && after === undefined) return missing('after beside status')
  const target = targetOf(before ?? after ?? '', graph)
  if (!target.ok) return target
  const frame = {
    number,
    moment: before === undefined ? 'after' : 'before',
    target: target.value,
    ...(when !== undefined && { when }),
    ...(round !== undefined && { round }),
    ...(status !== undefined && { status }),
  } as const
  if (rule.tools !== undefined) return withTools(rule, frame)
  const commands: SteeringCommand[] = []
  for (const line of typeof rule.do === 'string' ? [rule.do] : rule.do) {
    const command = commandIn(line, graph)
    if (!command.ok) return command
    commands.push(command.value)
  }
  return ok({ ...frame, commands })
}

/** In a rule, a patch is for the one turn that the rule applies to: at the next one it applies anew. */
function commandIn(line: string, graph: SteeredGraph): Result<SteeringCommand, WordsFault> {
  const words = splitWords(line)
  if (words === undefined) return err({ problem: 'bad_value', word: line, expected: 'quotes that are closed' })
  const read = readCommand({ words, subject: '' }, graph)
  if (!read.ok) return read
  const command = read.value
  if (command.do === 'approve' || command.do === 'reject') return missing('tools beside approve and reject')
  return ok(command.do === 'patch' ? { ...command, once: true } : command)
}

function withTools(
  { tools = [], do: said }: ConductorRule,
  frame: Omit<PlannedRule, 'commands'>,
): Result<PlannedRule, WordsFault> {
  const words = typeof said === 'string' ? (splitWords(said) ?? []) : []
  const [decision, flag, reason, ...more] = words
  const hasReason = flag === '--reason' && reason !== undefined && more.length === 0 && decision === 'reject'
  const isKnown = decision === 'ask' || decision === 'approve' || decision === 'reject'
  if (!isKnown || (words.length > 1 && !hasReason))
    return err({
      problem: 'bad_value',
      word: String(said),
      expected: 'ask, approve, or reject [--reason TEXT], beside tools',
    })
  if (frame.moment === 'after') return missing('before beside tools')
  const names = tools.includes('*') ? TOOL_NAMES : tools
  return ok({ ...frame, tools: { names, decision, ...(hasReason && { reason }) }, commands: [] })
}

/** A turn that rules are asked about. */
export interface RuledTurn {
  readonly moment: PlannedRule['moment']
  readonly node: SteeredNode
  readonly round: number
  /** Of a turn that has ended. */
  readonly status?: string
  /** Whether a condition over the shared context is true at this moment; undefined where nobody can say. */
  readonly holds: (condition: string) => boolean | undefined
}

/**
 * Whether a rule is about this turn, as far as its condition lets it. Where nobody can say whether that holds, since it
 * asks for what has not been written, only a rule that keeps a tool back applies: a guard does not open by being wrong.
 */
export function appliesTo(rule: PlannedRule, turn: RuledTurn): boolean {
  const { moment, target, when, round, status, tools } = rule
  if (moment !== turn.moment || (round !== undefined && round !== turn.round)) return false
  if (status !== undefined && status !== turn.status) return false
  if (target !== null && !isMeant(target, turn.node)) return false
  if (when === undefined) return true
  return turn.holds(when) ?? (tools !== undefined && tools.decision !== 'approve')
}

function isMeant(target: Target, { id, role }: SteeredNode): boolean {
  return 'node' in target ? target.node === id : target.role === role
}

/** The commands of a rule, said about the step that it applies to. */
export function commandsAbout({ commands }: PlannedRule, node: string): readonly SteeringCommand[] {
  return commands.map((command) => about(command, node))
}

function targetOf(name: string, graph: SteeredGraph): Result<Target | null, WordsFault> {
  if (name === '*') return ok(null)
  const node = graph.nodes.find(({ id }) => id === name)
  if (node !== undefined) return ok({ node: node.id })
  const roles = rolesOf(graph)
  const role = roleNamed(name, roles)
  if (role !== undefined) return ok({ role })
  if (graph.isOpen === true) return ok({ node: name })
  return err(notAmong('unknown_target', name, [...graph.nodes.map(({ id }) => id), ...roles]))
}

function missing(expected: string): Result<never, WordsFault> {
  return err({ problem: 'missing', word: '', expected })
}
