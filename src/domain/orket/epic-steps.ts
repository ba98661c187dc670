import { grouped } from '#base/text.ts'
import type { Card, Epic } from './epic.ts'
import { exactlyOne, type FlowFault } from './fault.ts'
import { type FlowTurn, namedRole, oneByOne, type Steps, unknownRoles } from './steps.ts'
import type { Unheeded } from './unheeded.ts'

/** Of all rounds together. */
const MOST_STEPS = 10_000

/** The cards of an epic, as often as it has rounds. */
export function stepsOfEpic(epic: Epic, roles: readonly string[]): Steps {
  const key = epic.cards !== undefined ? 'cards' : epic.stories !== undefined ? 'stories' : 'issues'
  const cards = epic.cards ?? epic.stories ?? epic.issues ?? []
  const rounds = epic.iterations ?? 1
  const turns = Array.from({ length: rounds }, (_, index) => index + 1).flatMap((iteration) =>
    cards.flatMap((card) => (hasTurn(card, iteration, rounds) ? [turnOf(card, iteration)] : [])),
  )
  const tooMany: readonly FlowFault[] =
    turns.length <= MOST_STEPS
      ? []
      : [
          {
            kind: 'bad_value',
            path: ['iterations'],
            at: 'value',
            expected: TOO_MANY,
            found: `${grouped(turns.length)} of them`,
          },
        ]
  const named = cards.map((card, index) => namedRole(card, [key, index]))
  return {
    steps: tooMany.length > 0 ? [] : oneByOne(turns),
    faults: [
      ...exactlyOne(epic, ['cards', 'stories', 'issues']),
      ...cards.flatMap((card, index) => exactlyOne(card, ['seat', 'role'], [key, index])),
      ...unknownRoles(named, roles),
      ...tooMany,
    ],
    unheeded: cards.flatMap(unheededOfCard),
  }
}

const TOO_MANY = `at most ${grouped(MOST_STEPS)} steps in all rounds`

function hasTurn({ governance }: Card, iteration: number, rounds: number): boolean {
  return governance === 'once' ? iteration === 1 : governance === 'final' ? iteration === rounds : true
}

function turnOf({ seat, role, summary, note }: Card, iteration: number): FlowTurn {
  const said = [summary, note].filter((text) => text !== undefined && text !== '').join('\n\n')
  return { role: role ?? seat ?? '', iteration, ...(said !== '' && { note: said }) }
}

const UNHEEDED_OF_CARD = ['status', 'priority', 'assignee', 'sprint', 'type', 'params'] as const

function unheededOfCard(card: Card, index: number): readonly Unheeded[] {
  const name = card.id ?? String(index + 1)
  const model: readonly Unheeded[] =
    card.model === undefined ? [] : [{ setting: `model ${card.model} of card ${name}`, why: 'kept_for_model' }]
  const without = UNHEEDED_OF_CARD.filter((key) => card[key] !== undefined && card[key] !== null)
  return [...model, ...without.map((key): Unheeded => ({ setting: `${key} of card ${name}`, why: 'no_effect' }))]
}
