import { exactlyOne, type FlowFault } from './fault.ts'
import type { Unheeded } from './unheeded.ts'
import type { Venue } from './venue.ts'

/** The model that takes a role's turns, and what it is told. */
export type ModelSetting = {
  readonly model: string
  readonly temperature?: number
  readonly seed?: number
}

export interface Models {
  /** By role; undefined where the venue has none for it. */
  readonly of: (role: string) => ModelSetting | undefined
  /** Seconds until a call is given up. */
  readonly timeoutSeconds?: number
  readonly faults: readonly FlowFault[]
  readonly unheeded: readonly Unheeded[]
}

/** Which model each role has. */
export function modelsOf(venue: Venue | undefined, roles: readonly string[]): Models {
  if (venue === undefined) return { of: () => undefined, faults: [], unheeded: [] }
  const { model, roles: own = {}, default: rest, timeout, params } = venue
  const all = model === undefined ? rest : { ...venue, model }
  const unknown = Object.keys(own).filter((role) => !roles.includes(role))
  return {
    of: (role) => {
      const found = Object.hasOwn(own, role) ? own[role] : all
      return found && setting(found)
    },
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    faults: [...(Object.keys(own).length > 0 && model === undefined ? [] : exactlyOne(venue, ['model', 'default']))],
    unheeded: [
      ...(params === undefined || Object.keys(params).length === 0
        ? []
        : [{ setting: `params of venue ${venue.name}`, why: 'kept_for_model' } as const]),
      ...unknown.map((role): Unheeded => ({ setting: `model of ${role}, which is no role here,`, why: 'no_effect' })),
    ],
  }
}

function setting({
  model,
  temperature,
  seed,
}: {
  readonly model: string
  readonly temperature?: number | undefined
  readonly seed?: number | null | undefined
}): ModelSetting {
  return { model, ...(temperature !== undefined && { temperature }), ...(typeof seed === 'number' && { seed }) }
}
