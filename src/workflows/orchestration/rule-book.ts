import type { AnyTool } from '#domain/agents/tool-name.ts'
import type { Steer } from '#domain/conductor/command.ts'
import { appliesTo, commandsAbout, type PlannedRule, type RuledTurn } from '#domain/conductor/rule.ts'

/** How often rules may repeat one step, whatever they say: one that does so whenever it ends would never be done. */
const MOST_REPEATS = 10

/** What becomes of a call of a tool by the first rule that is about it. */
interface ToolDecision {
  readonly decision: 'ask' | 'approve' | 'reject'
  readonly reason?: string
  /** As facts name it. */
  readonly by: string
}

/** The rules of a run, and how far they have been used. */
export class RuleBook {
  readonly #rules: readonly PlannedRule[]
  readonly #repeats = new Map<string, number>()

  constructor(rules: readonly PlannedRule[]) {
    this.#rules = rules
  }

  /** What the rules say at this moment, in their order. */
  commands(turn: RuledTurn): readonly Steer[] {
    return this.#rules.flatMap((rule) => {
      if (rule.tools !== undefined || !appliesTo(rule, turn)) return []
      return commandsAbout(rule, turn.node.id).map((command): Steer => ({ command, by: nameOf(rule) }))
    })
  }

  /** What is said of a tool in this turn; undefined where nothing is. */
  tool(turn: RuledTurn, tool: AnyTool): ToolDecision | undefined {
    const rule = this.#rules.find((each) => each.tools?.names.includes(tool) === true && appliesTo(each, turn))
    if (rule?.tools === undefined) return undefined
    const { decision, reason } = rule.tools
    return { decision, by: nameOf(rule), ...(reason !== undefined && { reason }) }
  }

  /** Why a rule may not repeat the step once more; undefined where it may, and then it counts. */
  repeating(node: string): string | undefined {
    const times = this.#repeats.get(node) ?? 0
    this.#repeats.set(node, times + 1)
    return times < MOST_REPEATS ? undefined : `rules have repeated it ${MOST_REPEATS} times`
  }
}

function nameOf({ number }: PlannedRule): string {
  return `rule:${number}`
}
