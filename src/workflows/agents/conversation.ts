import { err, ok, type Result } from '#base/result.ts'
import type { Message, ToolCall, ToolResult } from '#domain/agents/message.ts'
import { repairFor } from '#domain/agents/prompt.ts'
import { type ReadReply, readReply } from '#domain/agents/read-calls.ts'
import { leftUndone } from '#domain/agents/turn-requirement.ts'
import type { Failure } from '#domain/failure.ts'
import { askForReply } from './reply.ts'
import { ToolDesk } from './tool-desk.ts'
import { inTime, limitsOf, type TurnLimits } from './turn-limits.ts'
import { openingOf, requestOf, type Talk } from './turn-request.ts'

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
  const { turn, agent } = talk
  return await inTime(turn, agent, async (timed) => await new Conversation({ ...talk, turn: timed }).hold(read))
}

class Conversation {
  readonly #talk: Talk
  readonly #limits: TurnLimits
  readonly #desk: ToolDesk
  readonly #messages: Message[]

  constructor(talk: Talk) {
    this.#talk = talk
    this.#limits = limitsOf(talk.turn, talk.agent)
    this.#desk = new ToolDesk(talk.turn, talk.agent)
    this.#messages = [openingOf(talk)]
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

  #leftUndone(): readonly string[] {
    const { requires } = this.#talk.agent
    return requires === undefined ? [] : leftUndone(requires, this.#desk.done)
  }

  get #node(): string {
    return this.#talk.turn.node.id
  }

  async #ask(): Promise<Result<ReadReply, Failure>> {
    const request = requestOf(this.#talk, this.#messages)
    if (!request.ok) return request
    const replied = await askForReply(this.#talk.turn.ctx, request.value)
    if (!replied.ok) return replied
    const { broken } = replied.value
    const reply = readReply(replied.value, this.#talk.agent.role.calls_in_text === true)
    this.#messages.push({ from: 'agent', text: reply.text, calls: reply.calls })
    return ok(broken === '' ? reply : { ...reply, faults: [broken] })
  }

  async #answerAll(calls: readonly ToolCall[]): Promise<Result<void, Failure>> {
    const { tool_calls: allowed } = this.#limits
    const results: ToolResult[] = []
    for (const call of calls) {
      if (this.#desk.count >= allowed) return this.#over('tool_calls', allowed)
      const answered = await this.#desk.call(call)
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
