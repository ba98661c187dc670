import type { Json } from '#base/json.ts'
import { err, ok } from '#base/result.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { activity } from '#engine/workflow.ts'
import type { PlannedAgent } from './planned-agent.ts'
import type { Turn, TurnEnd } from './turn.ts'

export type AgentCommandInput = {
  readonly argv: readonly [string, ...string[]]
  /** Absolute. */
  readonly directory: string
  /** The values that the agent reads, by key. */
  readonly context: Readonly<Record<string, Json>>
  /** Variables that it gets beside the usual ones. */
  readonly variables?: readonly string[]
}

type AgentCommandReport = CommandReport & {
  /** What it printed as one JSON object, or nothing where it printed nothing. */
  readonly writes: Readonly<Record<string, Json>>
}

/** Runs the command of an agent, hands it what it reads, and reads what it writes. */
const agentCommand = activity<AgentCommandInput, AgentCommandReport>('agent')

/** The turn of an agent by its own command: what it prints is what it writes. */
export async function runCommand(
  { ctx, node, context }: Turn,
  { name, role, limits, directory, variables = [] }: PlannedAgent,
  argv: AgentCommandInput['argv'],
): Promise<TurnEnd> {
  const { reads, writes: declared } = role
  const { timeout_seconds: limit = 0 } = limits
  const values = Object.fromEntries(reads.flatMap((key) => pair(key, context.get(key))))
  const options = { name: node.id, ...(limit > 0 && { timeoutMs: limit * 1000 }) }
  const ran = await ctx.run(agentCommand, { argv, directory, context: values, variables }, options)
  if (!ran.ok) return ran
  const { writes } = ran.value
  const undeclared = Object.keys(writes).filter((key) => !declared.includes(key))
  if (undeclared.length > 0)
    return err({ code: 'undeclared_write', agent: name, keys: undeclared, declared: [...declared] })
  const keys = Object.keys(writes)
  return ok({ writes, message: keys.length === 0 ? 'wrote nothing' : `wrote ${keys.join(', ')}` })
}

function pair(key: string, value: Json | undefined): readonly (readonly [string, Json])[] {
  return value === undefined ? [] : [[key, value]]
}
