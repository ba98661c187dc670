import type { Target, TurnLimits } from './command.ts'
import type { SteeredNode } from './steered-graph.ts'
import { type Steering, without } from './steering.ts'

/** What steering changes of one turn. */
export interface Adjustments {
  /** The whole text, in place of the role's own. */
  readonly instructions?: string
  readonly backend?: string
  readonly temperature?: number
  readonly limits?: TurnLimits
}

/** What is changed of the next turn of a step, whose agent is told `own` otherwise. A later word counts over an earlier one. */
export function adjustmentsOf({ patches, overrides }: Steering, node: SteeredNode, own: string): Adjustments {
  const mine = patches.filter(({ target }) => concerns(target, node))
  const instructions = mine.reduce(
    (text, patch) => (patch.how === 'replace' ? patch.text : joined(text, patch.text)),
    own,
  )
  const limits: TurnLimits = {}
  const adjustments: { backend?: string; temperature?: number } = {}
  for (const override of overrides.filter(({ target }) => concerns(target, node))) {
    if (override.backend !== undefined) adjustments.backend = override.backend
    if (override.temperature !== undefined) adjustments.temperature = override.temperature
    Object.assign(limits, override.limits)
  }
  return {
    ...(mine.length > 0 && { instructions }),
    ...adjustments,
    ...(Object.keys(limits).length > 0 && { limits }),
  }
}

/** The steering once a turn of that step has begun: what was said for one turn has had its turn. */
export function afterBeginning(steering: Steering, node: SteeredNode): Steering {
  const patches = steering.patches.filter(({ target, once }) => !once || !concerns(target, node))
  return { ...steering, patches, released: without(steering.released, node.id) }
}

/** What the turn is told otherwise than its role says, line by line: `- ` as the role has it, `+ ` as it is told. */
export function instructionsDiff(own: string, told: string | undefined): readonly string[] {
  if (told === undefined || told === own) return []
  const [before, after] = [own.split('\n'), told.split('\n')]
  const isAppended = before.every((line, index) => line === after[index])
  if (isAppended) return after.slice(before.length).map((line) => `+ ${line}`)
  return [...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)]
}

function concerns(target: Target, { id, role }: SteeredNode): boolean {
  return 'node' in target ? target.node === id : target.role === role
}

function joined(text: string, more: string): string {
  return text === '' ? more : `${text}\n\n${more}`
}
