import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { withinSize } from '#domain/agents/conversation-size.ts'
import type { Message, ToolCall, ToolResult } from '#domain/agents/message.ts'
import { instructionsFor, PROMPT_VERSION, promptFor, repairFor } from '#domain/agents/prompt.ts'
import { type ReadReply, readReply } from '#domain/agents/read-calls.ts'
import { recentTranscript } from '#domain/agents/recent-transcript.ts'
import type { ReplyRequest } from '#domain/agents/reply-request.ts'
import { leftUndone } from '#domain/agents/turn-requirement.ts'
import type { Failure } from '#domain/failure.ts'
import type { PlannedAgent } from './planned-agent.ts'
import { askForReply } from './reply.ts'
import { ToolDesk } from './tool-desk.ts'
import type { Turn } from './turn.ts'
import { TurnClock } from './turn-clock.ts'

/** What a turn may take where nothing else is said. */
const USUAL = { replies: 50, tool_calls: 200, max_reply_bytes: 1_000_000 } as const

/** Who talks, by which backend, and what is told at the beginning. */
export interface Talk {
  readonly turn: Turn
  readonly agent: PlannedAgent
  readonly backend: string
  /** What code found out for the agent before its turn. */
  readonly known?: Readonly<Record<string, Json>>
}

/** Reads what a reply hands in, or says what is wrong with it. */
type Reading<Value> = (reply: ReadReply, desk: ToolDesk) => Promise<Result<Value, readonly string[]>>

/** What was handed in, and what was done on the way. */
interface Held<Value> {
  readonly value: Value
  readonly desk: ToolDesk
}

/**
 * One turn as a conversation: the agent is asked, its tools are called and their answers given back, and it is asked
 * again, until a reply asks for nothing and hands in what can be taken. One that cannot be taken is given back once.
 */
export async function converse<Value>(talk: Talk, read: Reading<Value>): Promise<Result<Held<Value>, Failure>> {
  const conversation = new Conversation(talk)
  const held = await conversation.hold(read)
  conversation.end()
  return held
}

class Conversation {
  readonly #talk: Talk
  readonly #limits: typeof USUAL & { readonly timeout_seconds?: number }
  readonly #clock: TurnClock
  readonly #desk: ToolDesk
  readonly #messages: Message[]

  constructor(talk: Talk) {
    const { turn, agent, known = {} } = talk
    this.#talk = talk
    this.#limits = { ...USUAL, ...agent.limits, ...turn.adjustments.limits } as typeof USUAL
    this.#clock = new TurnClock(turn, this.#limits.timeout_seconds)
    this.#desk = new ToolDesk(turn, agent)
    const context = Object.fromEntries(
      [...agent.role.reads, ...agent.role.feedback, 'notes'].flatMap((key) => {
        const value = turn.context.get(key)
        return value === undefined ? [] : [[key, key === 'transcript' ? recentTranscript(value) : value]]
      }),
    )
    this.#messages = [{ from: 'run', text: promptFor({ context, known, round: turn.round }) }]
  }

  async hold<Value>(read: Reading<Value>): Promise<Result<Held<Value>, Failure>> {
    const { replies: allowed } = this.#limits
    let isRepaired = false
    for (let count = 0; count < allowed; count++) {
      const replied = await this.#ask()
      if (!replied.ok) return replied
      const { faults, ...reply } = replied.value
      if (faults.length === 0 && reply.calls.length > 0) {
        const done = await this.#answerAll(reply.calls)
        if (!done.ok) return done
        continue
      }
      const problems = faults.length > 0 ? faults : this.#leftUndone()
      const taken = await orProblems(problems, async () => await read(replied.value, this.#desk))
      if (taken.ok) return ok({ value: taken.value, desk: this.#desk })
      if (isRepaired) return err({ code: 'answer_invalid', agent: this.#node, problems: [...taken.error] })
      isRepaired = true
      this.#messages.push({ from: 'run', text: repairFor(taken.error) })
    }
    return this.#over('replies', allowed)
  }

  end(): void {
    this.#clock.end()
  }

  #leftUndone(): readonly string[] {
    const { requires } = this.#talk.agent
    return requires === undefined ? [] : leftUndone(requires, this.#desk.done)
  }

  get #node(): string {
    return this.#talk.turn.node.id
  }

  async #ask(): Promise<Result<ReadReply, Failure>> {
    const request = this.#request()
    if (!request.ok) return request
    const replied = await this.#clock.within(askForReply(this.#talk.turn.ctx, request.value))
    if (!replied.ok) return replied
    const { broken } = replied.value
    const reply = readReply(replied.value, this.#talk.agent.role.calls_in_text === true)
    this.#messages.push({ from: 'agent', text: reply.text, calls: reply.calls })
    return ok(broken === '' ? reply : { ...reply, faults: [broken] })
  }

  #request(): Result<ReplyRequest, Failure> {
    const { turn, agent, backend } = this.#talk
    const { role } = agent
    const { adjustments, item = null } = turn
    const who = { node: turn.node.id, role: agent.name, item }
    // Only where the backend was changed on the way: otherwise it was found before the run.
    if (backend === 'scripted' && turn.script === undefined)
      return err({ code: 'script_missing', agents: [this.#node] })
    const scripted = backend === 'scripted' ? turn.script?.next(who) : undefined
    if (backend === 'scripted' && scripted === undefined)
      return err({ code: 'script_exhausted', agent: this.#node, replies: turn.script?.count(who) ?? 0 })
    const { temperature } = adjustments
    return ok({
      node: turn.node.id,
      role: agent.name,
      backend,
      role_version: role.version,
      prompt_version: PROMPT_VERSION,
      instructions: instructionsFor({
        instructions: adjustments.instructions ?? turn.node.with.instructions ?? role.instructions,
        output: role.output,
        writes: role.writes,
        tools: role.tools,
        commands: Object.keys(turn.tools?.commands ?? {}),
        callsInText: role.calls_in_text === true,
      }),
      messages: withinSize(this.#messages),
      tools: role.tools,
      output: role.output,
      max_reply_bytes: this.#limits.max_reply_bytes,
      ...(temperature !== undefined && { temperature }),
      ...(scripted !== undefined && { scripted }),
    })
  }

  async #answerAll(calls: readonly ToolCall[]): Promise<Result<void, Failure>> {
    const { tool_calls: allowed } = this.#limits
    const results: ToolResult[] = []
    for (const call of calls) {
      if (this.#desk.count >= allowed) return this.#over('tool_calls', allowed)
      const answered = await this.#clock.within(this.#desk.call(call))
      if (!answered.ok) return answered
      results.push({ tool: call.tool, result: answered.value })
    }
    this.#messages.push({ from: 'tools', results })
    return ok()
  }

  #over(limit: 'replies' | 'tool_calls', allowed: number): Result<never, Failure> {
    return err({ code: 'turn_limit', agent: this.#node, limit, allowed })
  }
}

async function orProblems<Value>(
  problems: readonly string[],
  read: () => Promise<Result<Value, readonly string[]>>,
): Promise<Result<Value, readonly string[]>> {
  return problems.length > 0 ? err(problems) : await read()
}
