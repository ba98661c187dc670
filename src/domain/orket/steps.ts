import type { FlowFault } from './fault.ts'
import type { Unheeded } from './unheeded.ts'

/** One step of a flow. */
export interface FlowStep {
  /** Unlike any other: `coder`, and `coder-2` for the second turn of the coder. */
  readonly id: string
  readonly role: string
  readonly needs: readonly string[]
  /** What this turn is told beside the role's own instructions. */
  readonly note?: string
  /** From 1. */
  readonly iteration: number
  /** Whether the flow goes on where the step fails. */
  readonly mayFail: boolean
}

export interface Steps {
  readonly steps: readonly FlowStep[]
  readonly faults: readonly FlowFault[]
  readonly unheeded: readonly Unheeded[]
}

/** A step before it has an id. */
export interface FlowTurn {
  readonly role: string
  readonly note?: string
  readonly iteration: number
}

/** Where a file names a role. */
export interface NamedRole {
  readonly role: string
  readonly at: FlowFault['path']
}

/** Steps one after the other. */
export function oneByOne(turns: readonly FlowTurn[]): readonly FlowStep[] {
  const ids = new StepIds()
  let before: readonly string[] = []
  return turns.map((turn): FlowStep => {
    const id = ids.of(turn.role)
    const step = { ...turn, id, needs: before, mayFail: false }
    before = [id]
    return step
  })
}

export function namedRole(
  { role, seat }: { readonly role?: string | undefined; readonly seat?: string | undefined },
  path: FlowFault['path'],
): NamedRole {
  return { role: role ?? seat ?? '', at: [...path, role === undefined ? 'seat' : 'role'] }
}

export function unknownRoles(named: readonly NamedRole[], roles: readonly string[]): readonly FlowFault[] {
  return named.flatMap(({ role, at }): readonly FlowFault[] => {
    if (role === '' || roles.includes(role)) return []
    const expected = `one of ${roles.slice(0, 20).join(', ')}`
    const meant = { word: role, candidates: roles }
    return [{ kind: 'bad_value', path: at, at: 'value', found: JSON.stringify(role), expected, meant }]
  })
}

/** Ids out of roles' names: `UI/UX expert` becomes `ui-ux-expert`. */
export class StepIds {
  readonly #taken = new Set<string>()
  /** The number that was last tried, by the stem of an id. */
  readonly #last = new Map<string, number>()

  of(role: string): string {
    const plain = role.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '-')
    const stem = plain.replaceAll(/^-+|-+$/g, '').slice(0, 50) || 'step'
    let number = this.#last.get(stem) ?? 0
    let id: string
    do {
      number += 1
      id = number === 1 ? stem : `${stem}-${number}`
    } while (this.#taken.has(id))
    this.#last.set(stem, number)
    this.#taken.add(id)
    return id
  }
}
