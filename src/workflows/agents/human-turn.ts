import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { isJsonObject, jsonIn } from '#domain/agents/json-calls.ts'
import { checkPlan, type PlanItem, planInLines } from '#domain/agents/plan-answer.ts'
import type { ContextWrites } from '#domain/context/orch-context.ts'
import type { Failure } from '#domain/failure.ts'
import { type Answer, answerSignal } from '#domain/people/question.ts'
import { evidenceFor, judged, reviewWrites } from './judge.ts'
import { candidatesOf, planWrites, takeUp } from './plan-writes.ts'
import type { PlannedAgent } from './planned-agent.ts'
import type { Turn, TurnEnd } from './turn.ts'

/** Who takes the turn, and what is asked. */
interface Asked {
  readonly turn: Turn
  readonly agent: PlannedAgent
}

/** What a person answered. */
interface Said {
  readonly choice: string
  readonly by: string
  readonly text: string
}

/** A turn is a question to whoever looks into the inbox; saying no is a failure of the turn. */
export async function askPerson(asked: Asked): Promise<TurnEnd> {
  if (asked.agent.role.output === 'verdict') return await askForVerdict(asked)
  let problem = wantedWords(asked)
  for (;;) {
    const said = await ask(asked, { choices: ['done', 'failed'], more: problem })
    if (!said.ok) return said
    const { choice, by, text } = said.value
    if (choice !== 'done') return err({ code: 'declined', question: questionText(asked), by, expired: false })
    const taken = take(asked, text)
    if (!taken.ok) {
      problem = taken.error
      continue
    }
    const { writes, items = [] } = taken.value
    const up = await takeUp(asked.turn, items)
    return up.ok ? ok({ writes, message: `done by ${by}` }) : up
  }
}

/** People need not cite anything; what the declared checks say counts before what they say, too. */
async function askForVerdict(asked: Asked): Promise<TurnEnd> {
  const evidence = await evidenceFor(asked.turn)
  if (!evidence.ok) return evidence
  const { failed, report } = evidence.value
  const said = await ask(asked, {
    choices: ['passed', 'rejected'],
    more: report === '' ? undefined : `checks: ${report}`,
  })
  if (!said.ok) return said
  const { choice, by, text } = said.value
  const reasons = [text === '' ? `${choice} by ${by}` : `${choice} by ${by}: ${text}`]
  const verdict = judged(
    { verdict: choice === 'passed' ? 'passed' : 'rejected', reasons, found: text === '' ? [] : [text] },
    failed,
  )
  return ok({ writes: reviewWrites(verdict), message: verdict.reasons.join('; '), verdict })
}

async function ask(
  asked: Asked,
  { choices, more }: { readonly choices: readonly string[]; readonly more: string | undefined },
): Promise<Result<Said, Failure>> {
  const { ctx, node } = asked.turn
  const id = ctx.uuid()
  const text = more === undefined ? questionText(asked) : `${questionText(asked)} (${more})`
  const question = { id, text, choices, asker: node.id, addressee: 'anyone', deadline: null }
  const answered = await ctx.signal<Answer>(answerSignal(id), question)
  if (!answered.ok) return answered
  const { choice, by, text: given } = answered.value
  return ok({ choice, by, text: typeof given === 'string' ? given.trim() : '' })
}

function questionText({ turn, agent: { name, role } }: Asked): string {
  const { adjustments, node, context } = turn
  const told = adjustments.instructions ?? node.with.instructions ?? role.instructions
  const what = told === '' ? `${name}: is it done?` : told
  const goal = context.text('goal')
  const findings = turn.round > 1 ? context.texts('review.findings') : []
  const about = [...(goal === undefined ? [] : [`goal: ${goal}`]), ...findings.map((each) => `found: ${each}`)]
  return about.length === 0 ? what : `${what} (${about.join('; ')})`
}

/** What is wanted beside `done`, where the role cannot do without, so that nobody has to be asked twice. */
function wantedWords({ turn, agent: { role } }: Asked): string | undefined {
  if (role.output === 'text' && role.writes.length > 0) return WANTED_TEXT
  if (role.output === 'context' && role.writes.length > 0) return wantedValues(role.writes)
  return role.output === 'plan' && turn.choice.length === 0 ? WANTED_PLAN : undefined
}

const WANTED_TEXT = 'answer done with --text, which is what it writes'
const WANTED_PLAN = 'answer done with --text "name: what must be true", a line for each task'

function wantedValues(declared: readonly string[]): string {
  return `answer done with --text and a JSON object of: ${declared.join(', ')}`
}

interface Taken {
  readonly writes: ContextWrites
  readonly items?: readonly PlanItem[]
}

/** What a person's words are for its role; where they cannot be taken, what is wanted instead. */
function take({ turn, agent: { role } }: Asked, text: string): Result<Taken, string> {
  const [key] = role.writes
  switch (role.output) {
    case 'plan':
      return takePlan(turn, text)
    case 'text':
      if (key === undefined) return ok({ writes: {} })
      return text === '' ? err(WANTED_TEXT) : ok({ writes: { [key]: text } })
    case 'context':
      return takeValues(role.writes, text)
    default:
      return ok({ writes: text === '' ? {} : { notes: [text] } })
  }
}

function takePlan(turn: Turn, text: string): Result<Taken, string> {
  const candidates = candidatesOf(turn.known)
  if (text === '' && turn.choice.length > 0) {
    const chosen = turn.choice.map((each) => ({ ...each, why: '', criteria: [], needs: [] }))
    return ok({ writes: planWrites(turn, chosen), items: chosen })
  }
  const checked = checkPlan(jsonIn(text) ?? planInLines(text, candidates), candidates)
  if (checked.ok) return ok({ writes: planWrites(turn, checked.value), items: checked.value })
  return err(`${WANTED_PLAN}; ${checked.error.join('; ')}`)
}

function takeValues(declared: readonly string[], text: string): Result<Taken, string> {
  if (text === '') return ok({ writes: {} })
  const value: Json | undefined = jsonIn(text)
  if (!isJsonObject(value)) return err(wantedValues(declared))
  const undeclared = Object.keys(value).filter((key) => !declared.includes(key))
  return undeclared.length > 0 ? err(`it does not write ${undeclared.join(', ')}`) : ok({ writes: value })
}
