import type { Json } from '#base/json.ts'
import { ok, type Result } from '#base/result.ts'
import { onOneLine } from '#base/text.ts'
import type { ToolCall } from '#domain/agents/message.ts'
import { refusal } from '#domain/agents/refusal.ts'
import { type AnyTool, toolOf } from '#domain/agents/tool-name.ts'
import type { Failure } from '#domain/failure.ts'
import { type Answer, answerSignal } from '#domain/people/question.ts'
import type { ToolAnswer } from '#domain/run/tool-answer.ts'
import type { PlannedAgent } from './planned-agent.ts'
import { callTool } from './tool-call.ts'
import type { Turn } from './turn.ts'

/** An answer of a tool, for the agent. */
type Answered = Promise<Result<Json, Failure>>

/** Where everybody may leave a note for those who come after. */
const NOTES = 'notes'
/** Who counts lines by heart is off by some. */
const LINES_BEFORE = 200
const MOST_CHOICE_LENGTH = 100
const MOST_CHOICES = 20
const MOST_QUESTION_LENGTH = 2000

/** Does what an agent asks for in its turn. What it may not have is refused, and the refusal is its answer. */
export class ToolDesk {
  readonly #turn: Turn
  readonly #agent: PlannedAgent
  readonly #notes: Json[] = []
  readonly #values = new Map<string, Json>()
  readonly #written = new Set<string>()
  readonly #done = new Set<string>()
  #count = 0

  constructor(turn: Turn, agent: PlannedAgent) {
    this.#turn = turn
    this.#agent = agent
  }

  /** How many calls were made. */
  get count(): number {
    return this.#count
  }

  /** The tools that did what they were asked for. */
  get done(): ReadonlySet<string> {
    return this.#done
  }

  /** What was noted in the turn, by key. */
  get notes(): Readonly<Record<string, Json>> {
    return { ...Object.fromEntries(this.#values), ...(this.#notes.length > 0 && { [NOTES]: this.#notes }) }
  }

  /** Absolute paths of the files that were written in the turn. */
  get written(): readonly string[] {
    return [...this.#written]
  }

  /**
   * What a file holds from shortly before a line, as a tool of the agent would read it, with line breaks for what stands
   * before that; undefined where it cannot be read.
   */
  async content(path: string, line = 1): Promise<string | undefined> {
    const from = Math.max(1, line - LINES_BEFORE)
    const answered = await this.#use({ tool: 'read', args: { path, from } })
    if (!answered.ok || !answered.value.ok || !('text' in answered.value)) return undefined
    return '\n'.repeat(from - 1) + answered.value.text
  }

  async call(call: ToolCall): Answered {
    this.#count++
    const tool = toolOf(call.tool)
    const answered = await this.#answer(call, tool)
    if (tool !== undefined && answered.ok && isDone(answered.value)) this.#done.add(tool)
    return answered
  }

  async #answer(call: ToolCall, tool: AnyTool | undefined): Answered {
    if (tool === undefined) return refused('unknown_tool', `There is no tool ${JSON.stringify(call.tool)}.`)
    if (!this.#agent.role.tools.includes(tool)) return refused('not_allowed', `Your role has no tool ${tool}.`)
    const rejected = await this.#turn.approveTool?.(call)
    if (rejected !== undefined) return refused('rejected', rejected)
    if (tool === 'note') return this.#note(call.args)
    if (tool === 'ask') return await this.#ask(call.args)
    const answered = await this.#use({ tool, args: call.args })
    if (answered.ok && answered.value.ok && 'before' in answered.value) {
      this.#written.add(`${answered.value.root}/${answered.value.path}`)
    }
    return answered
  }

  async #use(call: ToolCall): Promise<Result<ToolAnswer, Failure>> {
    const { ctx, node, tools } = this.#turn
    if (tools === undefined) return ok(refusal('not_run', `the tool ${call.tool} is not available in this run`))
    const answered = await callTool(ctx, node.id, { call, tools })
    if (answered.ok || answered.error.code !== 'timed_out') return answered
    return ok(refusal('not_run', `${call.tool} took too long and was ended`))
  }

  /** `text`, or `key` and `value`: a key of its own only where the role writes it. */
  #note({ text, key = NOTES, value, ...more }: ToolCall['args']): Result<Json, Failure> {
    const noted = text ?? value
    const isUsable = noted !== undefined && (text === undefined || value === undefined)
    if (!isUsable || typeof key !== 'string' || Object.keys(more).length > 0)
      return refused('bad_arguments', 'note takes either text, or key and value.')
    const { writes } = this.#agent.role
    if (key !== NOTES && !writes.includes(key))
      return refused('not_declared', `Your role does not write ${JSON.stringify(key)}.`)
    if (key === NOTES) this.#notes.push(noted)
    else this.#values.set(key, noted)
    return ok({ ok: true })
  }

  /** A question to whoever looks into the inbox: the turn waits for the answer. */
  async #ask({ question, choices = ['yes', 'no'], ...more }: ToolCall['args']): Answered {
    if (typeof question !== 'string' || question === '' || question.length > MOST_QUESTION_LENGTH)
      return refused('bad_arguments', 'ask takes a question of up to 2000 characters.')
    if (!isListOfTexts(choices) || choices.length < 2 || choices.length > MOST_CHOICES || Object.keys(more).length > 0)
      return refused('bad_arguments', 'ask takes 2 to 20 different choices, as a list of texts.')
    if (choices.some((choice) => choice.length > MOST_CHOICE_LENGTH || onOneLine(choice) !== choice))
      return refused('bad_arguments', 'Each choice is one line of up to 100 characters.')
    const { ctx, node } = this.#turn
    const id = ctx.uuid()
    const asked = { id, text: question, choices, asker: node.id, addressee: 'anyone', deadline: null }
    const answered = await ctx.signal<Answer>(answerSignal(id), asked)
    if (!answered.ok) return answered
    const { choice, by, text } = answered.value
    return ok({ ok: true, answer: choice, by, ...(typeof text === 'string' && { text }) })
  }
}

function isDone(answer: Json): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer['ok'] === true
}

function isListOfTexts(value: Json): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((each) => typeof each === 'string' && each !== '') &&
    new Set(value).size === value.length
  )
}

function refused(error: string, message: string): Result<Json, Failure> {
  return ok({ ok: false, error, message })
}
