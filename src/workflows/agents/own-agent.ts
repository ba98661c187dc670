import type { Json } from '#base/json.ts'
import { err, ok } from '#base/result.ts'
import type { Agent } from '#domain/definition/agent.ts'
import type { Failure } from '#domain/failure.ts'
import { type Answer, answerSignal } from '#domain/people/question.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { activity } from '#engine/workflow.ts'
import type { Turn, TurnEnd } from './turn.ts'

/** An agent of the user's own, as a run pins it. */
export type PlannedAgent = {
  readonly name: string
  readonly agent: Agent
  /** Absolute: where its command runs. */
  readonly directory: string
}

export type AgentCommandInput = {
  readonly argv: readonly [string, ...string[]]
  /** Absolute. */
  readonly directory: string
  /** The values that the agent reads, by key. */
  readonly context: Readonly<Record<string, Json>>
}

type AgentCommandReport = CommandReport & {
  /** What it printed as one JSON object, or nothing where it printed nothing. */
  readonly writes: Readonly<Record<string, Json>>
}

/** Runs the command of an agent, hands it what it reads, and reads what it writes. */
const agentCommand = activity<AgentCommandInput, AgentCommandReport>('agent')

/** The turn of an agent that is configured: by its command, or by a person. */
export async function takeOwnTurn(turn: Turn, own: PlannedAgent): Promise<TurnEnd> {
  const { backend = 'command', command } = own.agent
  if (backend === 'human') return await askPerson(turn, own)
  const [program, ...args] = command ?? []
  if (program === undefined) return err({ code: 'backend_missing', agent: own.name, backend })
  return await runCommand(turn, own, [program, ...args])
}

async function runCommand(
  { ctx, node, context }: Turn,
  { name, agent, directory }: PlannedAgent,
  argv: AgentCommandInput['argv'],
): Promise<TurnEnd> {
  const { reads = [], writes: declared = [], timeout_seconds: limit = 0 } = agent
  const values = Object.fromEntries(reads.flatMap((key) => pair(key, context.get(key))))
  const options = { name: node.id, ...(limit > 0 && { timeoutMs: limit * 1000 }) }
  const ran = await ctx.run(agentCommand, { argv, directory, context: values }, options)
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

/** The turn is a question to whoever looks into the inbox; saying no is a failure of the turn. */
async function askPerson({ ctx, node, context }: Turn, { name, agent }: PlannedAgent): Promise<TurnEnd> {
  const id = ctx.uuid()
  const goal = context.text('goal')
  const text = [agent.instructions ?? `${name}: is it done?`, ...(goal === undefined ? [] : [`(goal: ${goal})`])].join(
    ' ',
  )
  const question = { id, text, choices: ['done', 'failed'], asker: node.id, addressee: 'anyone', deadline: null }
  const answered = await ctx.signal<Answer>(answerSignal(id), question)
  if (!answered.ok) return answered
  const { choice, by } = answered.value
  if (choice === 'done') return ok({ writes: {}, message: `done by ${by}` })
  return err({ code: 'declined', question: text, by, expired: false } satisfies Failure)
}
