import { nearest } from '#base/text.ts'
import { READING_TOOLS, type TurnRequirement, WRITING_TOOLS } from '../agents/turn-requirement.ts'
import type { Band, BandRole } from './band.ts'
import { atMostOne, exactlyOne, type FlowFault } from './fault.ts'
import { isAbsentTool, ownTool, TOOL_NAMES } from './tools.ts'
import type { Unheeded } from './unheeded.ts'

/** One who takes turns: a role of the band, or a seat with all of its roles. */
export interface FlowRole {
  readonly name: string
  readonly instructions: string
  /** By our names, each once. */
  readonly tools: readonly string[]
  readonly requires: TurnRequirement
}

export interface Roles {
  readonly roles: readonly FlowRole[]
  readonly faults: readonly FlowFault[]
  readonly unheeded: readonly Unheeded[]
}

const POLICY_KEYS: readonly string[] = ['requires_read', 'requires_write', 'requires_tools']
const READING: ReadonlySet<string> = new Set(READING_TOOLS)
const WRITING: ReadonlySet<string> = new Set(WRITING_TOOLS)

/** The roles that seats name and that stand in files of their own. */
export function rolesElsewhere({ roles = {}, seats = {} }: Band): readonly (readonly [seat: string, index: number])[] {
  return Object.entries(seats).flatMap(([seat, { roles: names }]) =>
    names.flatMap((name, index) => (Object.hasOwn(roles, name) ? [] : [[seat, index] as const])),
  )
}

/** Who can take steps: the seats of a team, where it has any, else the roles of the band. */
export function rolesOf({ roles = {}, seats }: Band, elsewhere: Readonly<Record<string, BandRole>>): Roles {
  const own = Object.entries(roles).map(([name, role]) => readRole(name, role, ['roles', name]))
  const others = Object.entries(elsewhere).map(([name, role]) => readRole(name, role, ['seats']))
  const all = [...own, ...others]
  const rest = { faults: own.flatMap(({ faults }) => faults), unheeded: all.flatMap(({ unheeded }) => unheeded) }
  const byName = new Map(all.map(({ role }) => [role.name, role]))
  if (seats === undefined || Object.keys(seats).length === 0) {
    const missing: readonly FlowFault[] =
      own.length > 0 ? [] : [{ kind: 'missing_key', path: ['roles'], at: 'table', expected: 'a table of roles' }]
    return { roles: own.map(({ role }) => role), ...rest, faults: [...rest.faults, ...missing] }
  }
  const seated = Object.entries(seats).map(([name, seat]) =>
    joined(
      name,
      seat.roles.flatMap((each) => byName.get(each) ?? []),
    ),
  )
  return { roles: seated, ...rest }
}

/** A role in a file of its own: the same faults, found at the top of that file. */
export function roleFaults(name: string, role: BandRole): readonly FlowFault[] {
  return readRole(name, role, []).faults
}

interface ReadRole {
  readonly role: FlowRole
  readonly faults: readonly FlowFault[]
  readonly unheeded: readonly Unheeded[]
}

function readRole(name: string, role: BandRole, path: FlowFault['path']): ReadRole {
  const key = role.tools === undefined ? 'tools_allowed' : 'tools'
  const named = role.tools ?? role.tools_allowed ?? []
  const tools = [...new Set(named.flatMap((tool) => ownTool(tool) ?? []))]
  const policy = role.policy ?? {}
  const requires = {
    read: policy.requires_read ?? false,
    write: policy.requires_write ?? false,
    tools: [...new Set((policy.requires_tools ?? []).flatMap((tool) => ownTool(tool) ?? []))],
  }
  const absent = named.filter(isAbsentTool)
  return {
    role: { name, instructions: role.description ?? role.prompt ?? '', tools, requires },
    faults: [
      ...exactlyOne(role, ['description', 'prompt'], path),
      ...atMostOne(role, ['tools', 'tools_allowed'], path),
      ...unknownTools(named, [...path, key]),
      ...policyFaults(policy, { tools, requires }, [...path, 'policy']),
    ],
    unheeded: [
      ...absent.map((tool): Unheeded => ({ setting: `tool ${tool} of ${name}`, why: 'no_such_tool' })),
      ...freeKeys(policy).map((free): Unheeded => ({ setting: `policy ${free} of ${name}`, why: 'no_effect' })),
    ],
  }
}

function unknownTools(named: readonly string[], path: FlowFault['path']): readonly FlowFault[] {
  return named.flatMap((tool, index): readonly FlowFault[] => {
    if (ownTool(tool) !== undefined || isAbsentTool(tool)) return []
    const meant = { word: tool, candidates: TOOL_NAMES }
    const expected = 'a tool such as read_file, write_file or list_dir'
    return [{ kind: 'bad_value', path: [...path, index], at: 'value', found: JSON.stringify(tool), expected, meant }]
  })
}

type Policy = NonNullable<BandRole['policy']>

/** A policy is free to say more; what is nearly one of the known keys is a mistake all the same. */
function freeKeys(policy: Policy): readonly string[] {
  return Object.keys(policy).filter((key) => !POLICY_KEYS.includes(key) && nearest(key, POLICY_KEYS) === undefined)
}

function policyFaults(
  policy: Policy,
  { tools, requires }: Pick<FlowRole, 'tools' | 'requires'>,
  path: FlowFault['path'],
): readonly FlowFault[] {
  const mistyped = Object.keys(policy).filter(
    (key) => !POLICY_KEYS.includes(key) && nearest(key, POLICY_KEYS) !== undefined,
  )
  const unmet = (key: string, expected: string): FlowFault => {
    return { kind: 'bad_value', path: [...path, key], at: 'key', expected, found: 'no tool of the role' }
  }
  const required = policy.requires_tools ?? []
  return [
    ...mistyped.map((key): FlowFault => {
      return { kind: 'unknown_key', path: [...path, key], at: 'key', meant: { word: key, candidates: POLICY_KEYS } }
    }),
    ...(requires.read && !tools.some((tool) => READING.has(tool)) ? [unmet('requires_read', 'a tool that reads')] : []),
    ...(requires.write && !tools.some((tool) => WRITING.has(tool))
      ? [unmet('requires_write', 'a tool that writes')]
      : []),
    ...required.flatMap((tool, index): readonly FlowFault[] => {
      const own = ownTool(tool)
      if (own !== undefined && tools.includes(own)) return []
      const expected = `a tool of the role: ${tools.join(', ') || 'it has none'}`
      const at = [...path, 'requires_tools', index]
      return [{ kind: 'bad_value', path: at, at: 'value', expected, found: JSON.stringify(tool) }]
    }),
  ]
}

/** All that the roles of a seat say and may do, as one. */
function joined(name: string, roles: readonly FlowRole[]): FlowRole {
  return {
    name,
    instructions: roles.map(({ instructions }) => instructions).join('\n\n'),
    tools: [...new Set(roles.flatMap(({ tools }) => tools))],
    requires: {
      read: roles.some(({ requires }) => requires.read),
      write: roles.some(({ requires }) => requires.write),
      tools: [...new Set(roles.flatMap(({ requires }) => requires.tools))],
    },
  }
}
