import type { ModelSetting, Models } from './models.ts'
import type { FlowRole, Roles } from './roles.ts'
import type { FlowStep, Steps } from './steps.ts'
import type { Unheeded } from './unheeded.ts'

/** What a flow's files come to: one shape, whichever of Orket's they had. */
export interface FlowImport {
  readonly name: string
  readonly description?: string
  readonly task?: string
  /** The names of what it is made of, for the events that tell them. */
  readonly band: string
  readonly score: string | null
  readonly venue: string | null
  /** All roles of the band, also those without a step. */
  readonly roles: readonly ImportedRole[]
  readonly steps: readonly FlowStep[]
  readonly unheeded: readonly Unheeded[]
}

export type ImportedRole = FlowRole & {
  /** Null where no venue says which. */
  readonly model: ModelSetting | null
  readonly timeoutSeconds?: number
}

export interface FlowParts extends Pick<FlowImport, 'name' | 'band' | 'score' | 'venue'> {
  readonly description?: string | undefined
  readonly task?: string | undefined
  readonly roles: Roles
  readonly models: Models
  readonly steps: Steps
}

/** Puts together what was found right by itself. */
export function importFlow(parts: FlowParts): FlowImport {
  const { description, task, roles, models, steps, ...names } = parts
  const { timeoutSeconds } = models
  return {
    ...names,
    ...(description !== undefined && { description }),
    ...(task !== undefined && { task }),
    roles: roles.roles.map((role) => {
      const model = models.of(role.name) ?? null
      return { ...role, model, ...(timeoutSeconds !== undefined && { timeoutSeconds }) }
    }),
    steps: steps.steps,
    unheeded: [...roles.unheeded, ...models.unheeded, ...steps.unheeded],
  }
}
