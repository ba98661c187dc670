import { exactlyOne, type FlowFault } from './fault.ts'
import type { Score } from './score.ts'
import { type FlowStep, namedRole, oneByOne, StepIds, type Steps, unknownRoles } from './steps.ts'

/** The steps of a score: in their order, or as its dependencies have them. */
export function stepsOfScore(score: Score, roles: readonly string[]): Steps {
  const { tempo } = score
  const faults = exactlyOne(score, ['steps', 'included_roles'])
  const found = faults.length > 0 ? { steps: [], faults } : written(score, roles)
  const isPlain = tempo === undefined || tempo === 'standard'
  return { ...found, unheeded: isPlain ? [] : [{ setting: `tempo ${tempo}`, why: 'no_effect' }] }
}

function written(score: Score, roles: readonly string[]): Pick<Steps, 'steps' | 'faults'> {
  const { steps, included_roles: included = [], dependencies = {}, completion } = score
  const mayFail = completion?.require_all_roles_complete === false
  if (steps === undefined) return byDependencies(included, dependencies, { roles, mayFail })
  const named = steps.map((step, index) => namedRole(step, ['steps', index]))
  const misplaced = (['dependencies', 'completion'] as const).filter((key) => score[key] !== undefined)
  return {
    steps: oneByOne(
      steps.map(({ role, seat, note }) => ({
        role: role ?? seat ?? '',
        iteration: 1,
        ...(note !== undefined && { note }),
      })),
    ),
    faults: [
      ...steps.flatMap((step, index) => exactlyOne(step, ['role', 'seat'], ['steps', index])),
      ...unknownRoles(named, roles),
      ...misplaced.map((key): FlowFault => {
        return { kind: 'bad_value', path: [key], at: 'key', expected: '"included_roles" beside it', found: '"steps"' }
      }),
    ],
  }
}

interface Allowed {
  readonly roles: readonly string[]
  readonly mayFail: boolean
}

function byDependencies(
  included: readonly string[],
  dependencies: Readonly<Record<string, readonly string[]>>,
  { roles, mayFail }: Allowed,
): Pick<Steps, 'steps' | 'faults'> {
  const names = [...new Set(included)]
  const ids = new StepIds()
  const idOf = new Map(names.map((role) => [role, ids.of(role)]))
  const among = names.filter((role) => roles.includes(role))
  const faults = [
    ...unknownRoles(
      included.map((role, index) => ({ role, at: ['included_roles', index] })),
      roles,
    ),
    ...twice(included),
    ...Object.entries(dependencies).flatMap(([role, first]) => [
      ...(names.includes(role) ? [] : [notIncluded(role, { path: ['dependencies', role], at: 'key' }, among)]),
      ...first.flatMap((each, index) =>
        names.includes(each) ? [] : [notIncluded(each, { path: ['dependencies', role, index], at: 'value' }, among)],
      ),
    ]),
  ]
  const steps = names.map((role): FlowStep => {
    const first = Object.hasOwn(dependencies, role) ? (dependencies[role] ?? []) : []
    const needs = [...new Set(first.flatMap((each) => idOf.get(each) ?? []))]
    return { id: idOf.get(role) ?? role, role, needs, iteration: 1, mayFail }
  })
  return { steps: sorted(steps), faults: [...faults, ...circle(steps)] }
}

/** Each after all that it needs, otherwise as they stand. */
function sorted(steps: readonly FlowStep[]): readonly FlowStep[] {
  const ordered = new Map<string, FlowStep>()
  for (let left = steps; left.length > 0; left = left.filter(({ id }) => !ordered.has(id))) {
    const next = left.find(({ needs }) => needs.every((need) => ordered.has(need))) ?? left[0]
    if (next !== undefined) ordered.set(next.id, next)
  }
  return [...ordered.values()]
}

function circle(steps: readonly FlowStep[]): readonly FlowFault[] {
  let left = steps
  for (;;) {
    const ids = new Set(left.map(({ id }) => id))
    const next = left.filter(({ needs }) => needs.some((need) => ids.has(need)))
    if (next.length === left.length) break
    left = next
  }
  const [first] = left
  if (first === undefined) return []
  const found = `a circle: ${left.map(({ role }) => role).join(', ')}`
  return [
    {
      kind: 'bad_value',
      path: ['dependencies', first.role],
      at: 'key',
      expected: 'an order in which all can work',
      found,
    },
  ]
}

function twice(included: readonly string[]): readonly FlowFault[] {
  return included.flatMap((role, index): readonly FlowFault[] => {
    if (included.indexOf(role) === index) return []
    const expected = 'each role once'
    return [{ kind: 'bad_value', path: ['included_roles', index], at: 'value', expected, found: JSON.stringify(role) }]
  })
}

function notIncluded(role: string, place: Pick<FlowFault, 'path' | 'at'>, candidates: readonly string[]): FlowFault {
  const meant = { word: role, candidates }
  return { kind: 'bad_value', ...place, expected: 'one of "included_roles"', found: JSON.stringify(role), meant }
}
