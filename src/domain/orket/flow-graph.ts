import { canonicalJson } from '#base/json.ts'
import { literal } from '../context/fill-texts.ts'
import type { AgentNode } from '../definition/orchestration-graph.ts'
import type { FlowImport, ImportedRole } from './flow-import.ts'
import { type FlowStep, StepIds } from './steps.ts'
import type { Unheeded } from './unheeded.ts'

/** What an orchestration is made of where it comes from a flow. */
export interface FlowGraph {
  /** Each after all that it needs. */
  readonly nodes: readonly AgentNode[]
  /** Those that have a step, each by a name of its own. */
  readonly roles: readonly ImportedRole[]
  readonly unheeded: readonly Unheeded[]
}

/** The graph of flows that follow one another. */
export function graphOfFlows(flows: readonly FlowImport[]): FlowGraph {
  const named = new NamedRoles()
  const ids = new StepIds()
  const nodes: AgentNode[] = []
  let before: readonly string[] = []
  for (const flow of flows) {
    const nodeOf = new Map(flow.steps.map((step) => [step.id, ids.of(step.id)]))
    const isNeeded = new Set(flow.steps.flatMap(({ needs }) => needs))
    for (const step of flow.steps) {
      const role = named.of(flow, step.role)
      if (role === undefined) continue
      const needs = step.needs.flatMap((need) => nodeOf.get(need) ?? [])
      const id = nodeOf.get(step.id) ?? step.id
      nodes.push({
        id,
        kind: 'agent',
        needs: needs.length > 0 ? needs : before,
        with: turnOf(step, role),
        ...(step.mayFail && { on_failure: 'continue' }),
      })
    }
    before = flow.steps.flatMap(({ id }) => (isNeeded.has(id) ? [] : (nodeOf.get(id) ?? [])))
  }
  return {
    nodes,
    roles: named.all,
    unheeded: flows.flatMap(({ unheeded }) => unheeded),
  }
}

/** What a step is told. Braces mean nothing in these files. */
function turnOf({ note, iteration }: FlowStep, { name, instructions }: ImportedRole): AgentNode['with'] {
  const told = note === undefined || note === '' ? '' : literal(note)
  const said = told === '' ? {} : { note: told, instructions: `${literal(instructions)}\n\n${told}` }
  return { agent: name, ...said, ...(iteration > 1 && { iteration }) }
}

/** Roles of several bands: the same one once, another one of the same name under the name of its flow, too. */
class NamedRoles {
  readonly #byName = new Map<string, ImportedRole>()

  get all(): readonly ImportedRole[] {
    return [...this.#byName.values()]
  }

  of({ name: flow, roles }: FlowImport, wanted: string): ImportedRole | undefined {
    const role = roles.find(({ name }) => name === wanted)
    if (role === undefined) return undefined
    for (const name of [wanted, `${wanted} of ${flow}`]) {
      const known = this.#byName.get(name)
      if (known !== undefined && !isSame(known, role)) continue
      const own = { ...role, name }
      this.#byName.set(name, own)
      return own
    }
    return role
  }
}

function isSame(left: ImportedRole, right: ImportedRole): boolean {
  return textOf(left) === textOf(right)
}

function textOf({ name: _name, requires, model, ...rest }: ImportedRole): string {
  return canonicalJson({ ...rest, requires: { ...requires }, model })
}
