import * as z from 'zod/mini'
import { parseDuration } from '#base/duration.ts'
import type { Json } from '#base/json.ts'
import { DurationText } from '../definition/retry.ts'
import type { Reply } from './message.ts'
import { shortName } from './role.ts'

/** What can go wrong with a backend, as its failures are called. */
const FAULTS = ['timeout', 'rate_limited', 'overloaded', 'refused', 'malformed', 'auth', 'cut'] as const
type Fault = (typeof FAULTS)[number]

/** zod's own type of JSON is a mutable one. */
const AnyJson = z.json() as unknown as z.ZodMiniType<Json>
const Filled = z.string().check(z.minLength(1))

/** One reply of a script: what an agent says, asks for and hands in, or how its backend fails. */
const ScriptEntry = z.strictObject({
  /** The step or the role that it is for. */
  agent: Filled,
  /** Of a step that runs for each of a list: for which one, counted from 0. Without it, for each of them. */
  item: z.optional(z.int().check(z.gte(0))),
  text: z.optional(z.string()),
  tools: z.optional(z.array(z.strictObject({ tool: Filled, args: z.optional(z.record(z.string(), AnyJson)) }))),
  output: z.optional(AnyJson),
  fault: z.optional(z.enum(FAULTS)),
  /** How many tries fail before the reply comes. Without it all of them do. */
  times: z.optional(z.int().check(z.gte(1), z.lte(100))),
  /** How long the reply takes. */
  delay: z.optional(DurationText),
})
type ScriptEntry = z.infer<typeof ScriptEntry>

/** The file of a scripted backend. */
export const Script = z.strictObject({ replies: z.array(ScriptEntry).check(z.minLength(1)) })
export type Script = z.infer<typeof Script>

/** An entry as a run pins it: what the backend plays. */
export type ScriptedReply = {
  /** Its place in the file, counted from 1. */
  readonly number: number
  readonly reply: Reply
  readonly fault: Fault | null
  /** How many tries fail; null for all of them. */
  readonly times: number | null
  readonly delay_ms: number
}

/** Whom a reply is for. */
export interface Scripted {
  readonly node: string
  readonly role: string
  /** The place in a list that the step runs for, counted from 0; null where there is none. */
  readonly item: number | null
}

/**
 * A script in the course of one run. The n-th reply of a step is the n-th entry for it, whatever others do and however
 * often the step is repeated. Where entries name the step, those that only name its role are for others.
 */
export class ScriptPlayer {
  readonly #byAgent = new Map<string, readonly Entry[]>()
  readonly #given = new Map<string, number>()
  readonly #hasItems: boolean

  constructor({ replies }: Script) {
    this.#hasItems = replies.some(({ item }) => item !== undefined)
    const lists = new Map<string, Entry[]>()
    for (const [index, reply] of replies.entries()) {
      const entry = { reply, number: index + 1 }
      const key = shortName(reply.agent)
      const list = lists.get(key)
      if (list === undefined) lists.set(key, [entry])
      else list.push(entry)
    }
    this.#byAgent = lists
  }

  /** The next entry for this step; undefined where the script has no more. */
  next(who: Scripted): ScriptedReply | undefined {
    const key = JSON.stringify([who.node, who.item])
    const given = this.#given.get(key) ?? 0
    const entry = this.#entriesFor(who)[given]
    if (entry === undefined) return undefined
    this.#given.set(key, given + 1)
    return pinned(entry)
  }

  /** How many replies the script has for this step. */
  count(who: Scripted): number {
    return this.#entriesFor(who).length
  }

  #entriesFor({ node, role, item }: Scripted): readonly Entry[] {
    const local = node.slice(node.lastIndexOf('/') + 1)
    const lists = [node, local, role].map((name) => this.#byAgent.get(shortName(name)))
    const named = lists.find((list) => list !== undefined) ?? []
    if (!this.#hasItems) return named
    return item === null ? named.filter(isForAll) : named.filter((each) => isForAll(each) || each.reply.item === item)
  }
}

interface Entry {
  readonly reply: ScriptEntry
  readonly number: number
}

function isForAll({ reply }: Entry): boolean {
  return reply.item === undefined
}

function pinned({ reply: entry, number }: Entry): ScriptedReply {
  const { text = '', tools = [], output = null, fault, times, delay } = entry
  const duration = parseDuration(delay ?? '0ms')
  const calls = tools.map(({ tool, args = {} }) => ({ tool, args }))
  return {
    number,
    reply: { text, calls, output },
    fault: fault ?? null,
    times: times ?? null,
    delay_ms: duration.ok ? duration.value : 0,
  }
}
