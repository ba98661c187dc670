import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { cut } from '#base/text.ts'
import { answerIn } from '#domain/agents/answer-json.ts'
import { isJsonObject } from '#domain/agents/json-calls.ts'
import { checkPlan } from '#domain/agents/plan-answer.ts'
import type { ReadReply } from '#domain/agents/read-calls.ts'
import { converse } from './conversation.ts'
import { judge } from './judge.ts'
import { candidatesOf, planWrites, takeUp } from './plan-writes.ts'
import type { TurnEnd } from './turn.ts'
import type { Talk } from './turn-request.ts'

/** The turn of an agent whose work comes as replies, by what its role hands in. */
export async function takeByReplies(talk: Talk): Promise<TurnEnd> {
  switch (talk.agent.role.output) {
    case 'plan':
      return await plan(talk)
    case 'verdict':
      return await judge(talk)
    case 'files':
      return await change(talk)
    case 'text':
      return await write(talk)
    default:
      return await fill(talk)
  }
}

/** Hands in a plan: every task of it is configured or new work, has its criteria, and comes after what it needs. */
async function plan(talk: Talk): Promise<TurnEnd> {
  const { turn } = talk
  const candidates = candidatesOf(turn.known)
  const known = { configured: candidates.map(({ name, kind, description = '' }) => ({ name, kind, description })) }
  const held = await converse({ ...talk, known }, async (reply) => checkPlan(answerIn(reply), candidates))
  if (!held.ok) return held
  const { value: items, desk } = held.value
  const up = await takeUp(turn, items)
  if (!up.ok) return up
  return ok({
    writes: { ...desk.notes, ...planWrites(turn, items) },
    message: `planned ${items.map(({ name }) => name).join(', ')}`,
  })
}

/** Changes files. Which ones is known by what was written, not by what is said. */
async function change(talk: Talk): Promise<TurnEnd> {
  const held = await converse(talk, async ({ text }) => said(text))
  if (!held.ok) return held
  const { desk } = held.value
  const [key] = talk.agent.role.writes
  const writes = { ...desk.notes, ...(key !== undefined && { [key]: desk.written }) }
  const { length } = desk.written
  return ok({
    writes,
    message: length === 0 ? 'changed no file' : `changed ${length} ${length === 1 ? 'file' : 'files'}`,
  })
}

/** Hands in a text, as the value of the first key that its role writes. */
async function write(talk: Talk): Promise<TurnEnd> {
  const held = await converse(talk, async ({ text, output }) => said(typeof output === 'string' ? output : text))
  if (!held.ok) return held
  const { value, desk } = held.value
  const [key] = talk.agent.role.writes
  return ok({
    writes: {
      ...desk.notes,
      ...(key !== undefined && { [key]: key === 'transcript' ? [saidBy(talk, value)] : value }),
    },
    message:
      key === 'transcript'
        ? cut(value.trim().replaceAll(/\s+/g, ' '), MOST_MESSAGE)
        : key === undefined
          ? 'said what was asked'
          : `wrote ${key}`,
  })
}

const MOST_MESSAGE = 100

/** In a transcript each says who says it. */
function saidBy({ turn, agent }: Talk, text: string): Json {
  return { step: turn.node.id, role: agent.name, said: text }
}

function said(text: string): Result<string, readonly string[]> {
  return text.trim() === '' ? err(['the reply is empty']) : ok(text)
}

/** Hands in values by their keys. One that the role does not declare fails the turn: somebody else's value is at stake. */
async function fill(talk: Talk): Promise<TurnEnd> {
  const { agent } = talk
  const held = await converse(talk, async (reply) => valuesIn(reply, agent.role.writes))
  if (!held.ok) return held
  const { value, desk } = held.value
  const undeclared = Object.keys(value).filter((key) => !agent.role.writes.includes(key))
  if (undeclared.length > 0)
    return err({ code: 'undeclared_write', agent: agent.name, keys: undeclared, declared: [...agent.role.writes] })
  const writes = { ...desk.notes, ...value }
  const keys = Object.keys(writes)
  return ok({ writes, message: keys.length === 0 ? 'wrote nothing' : `wrote ${keys.join(', ')}` })
}

/** An agent that writes nothing may say what it likes. */
function valuesIn(
  reply: ReadReply,
  declared: readonly string[],
): Result<Readonly<Record<string, Json>>, readonly string[]> {
  const answer = answerIn(reply)
  if (isJsonObject(answer)) return ok(answer)
  return declared.length === 0 && answer === null ? ok({}) : err(['the answer is not one JSON object'])
}
