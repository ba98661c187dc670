import { nodeOf, type SteeringCommand, type Target, type TurnLimits } from './command.ts'
import { leadsTo, type SteeredNode } from './steered-graph.ts'

/** What commands have left behind, as far as it concerns the steps that are still to come. */
export interface Steering {
  /** Who wants that nothing begins; null where it goes on. */
  readonly pausedBy: string | null
  readonly stopped: { readonly by: string; readonly reason?: string } | null
  /** Each with who said so. */
  readonly disabled: ReadonlyMap<string, string>
  readonly skips: ReadonlyMap<string, string>
  readonly drops: ReadonlyMap<string, string>
  readonly repeats: ReadonlyMap<string, string>
  /** Steps that may begin though the run asks before each. */
  readonly released: ReadonlyMap<string, string>
  /** In the order in which they were said. */
  readonly patches: readonly Patch[]
  readonly overrides: readonly Override[]
}

interface Patch {
  readonly target: Target
  readonly how: 'append' | 'replace'
  readonly text: string
  readonly once: boolean
}

interface Override {
  readonly target: Target
  readonly backend?: string
  readonly temperature?: number
  readonly limits?: TurnLimits
}

/** Where a step stands: its next turn is to come, it is at work, or it is over. */
export type Standing = 'ahead' | 'at_work' | 'ended'

export interface SteeringView {
  readonly nodes: readonly SteeredNode[]
  readonly standingOf: (node: string) => Standing
  /** The steps that the run asks about at the moment; null where it asks about none. */
  readonly asked: readonly string[] | null
  /** The steps whose agents propose something that they must not do unasked. */
  readonly proposing: readonly string[]
  /** The step after whose failure nothing further begins. */
  readonly failed: string | null
}

/** What became of a command: it counts from now on, or it has no effect. */
export type Applied =
  | { readonly kind: 'obeyed'; readonly steering: Steering }
  | { readonly kind: 'refused'; readonly reason: string }

export const UNSTEERED: Steering = {
  pausedBy: null,
  stopped: null,
  disabled: new Map(),
  skips: new Map(),
  drops: new Map(),
  repeats: new Map(),
  released: new Map(),
  patches: [],
  overrides: [],
}

/** The steering after a command. What concerns neither steps nor the run's course leaves it as it is. */
export function steered(
  steering: Steering,
  said: { readonly command: SteeringCommand; readonly by: string },
  view: SteeringView,
): Applied {
  const { command, by } = said
  const late = lateness(command, view)
  if (late !== undefined) return refused(late)
  switch (command.do) {
    case 'continue':
      return continued(steering, command.node, view.asked)
    case 'pause':
      if (steering.pausedBy !== null) return refused(`it is paused already, by ${steering.pausedBy}`)
      return obeyed({ ...steering, pausedBy: by })
    case 'stop':
      if (steering.stopped !== null) return refused(`it is stopped already, by ${steering.stopped.by}`)
      return obeyed({ ...steering, stopped: { by, ...(command.reason !== undefined && { reason: command.reason }) } })
    case 'skip':
      return obeyed({ ...steering, skips: added(steering.skips, command.node, by) })
    case 'drop':
      return obeyed({ ...steering, drops: added(steering.drops, command.node, by) })
    case 'repeat':
      // What has ended is begun again by whoever plays the graph.
      if (view.standingOf(command.node) === 'ended') return obeyed(steering)
      return obeyed({ ...steering, repeats: added(steering.repeats, command.node, by) })
    case 'disable':
      return obeyed({ ...steering, disabled: added(steering.disabled, command.role, by) })
    case 'enable':
      return enabled(steering, command.target)
    case 'patch': {
      const { target, how, text, once } = command
      return obeyed({ ...steering, patches: [...steering.patches, { target, how, text, once }] })
    }
    case 'clear': {
      const left = steering.patches.filter(({ target }) => !isSame(target, command.target))
      const changes = left.length < steering.patches.length
      return changes ? obeyed({ ...steering, patches: left }) : refused(`${nameOf(command.target)} has no patch`)
    }
    case 'backend':
    case 'temperature':
    case 'limit': {
      const { do: _, ...override } = command
      return obeyed({ ...steering, overrides: [...steering.overrides, override] })
    }
    case 'approve':
    case 'reject':
      return view.proposing.includes(command.node) ? obeyed(steering) : refused(`${command.node} proposes nothing`)
    default:
      return obeyed(steering)
  }
}

/** Why nothing can come of the command any more: what it is about has begun, or is over. */
function lateness(command: SteeringCommand, view: SteeringView): string | undefined {
  if (!TIMELY.has(command.do)) return undefined
  const role = roleOf(command)
  if (role !== undefined) {
    const own = view.nodes.filter((node) => node.role === role)
    return own.some(({ id }) => mayComeAgain(id, view)) ? undefined : `every step of ${role} has ended`
  }
  const node = nodeOf(command) ?? ''
  const standing = view.standingOf(node)
  if (standing === 'at_work' && command.do === 'skip') return `${node} is at work already`
  if (standing !== 'ended') return undefined
  if (command.do === 'repeat') return repeatFault(node, view)
  const isLeftOut = command.do === 'skip' || command.do === 'drop'
  return (isLeftOut ? maySendBack(node, view) : mayComeAgain(node, view)) ? undefined : `${node} has ended`
}

/** What has ended is done again as long as something that is to come may build on it. */
function repeatFault(node: string, view: SteeringView): string | undefined {
  const [outer = ''] = node.split('/')
  if (node !== outer) return `${node} has ended within ${outer}, which can be repeated as a whole`
  if (view.failed !== null) return `nothing further begins, since ${view.failed} has failed`
  return view.nodes.some(({ id }) => view.standingOf(id) !== 'ended') ? undefined : 'every step has ended'
}

/** Whether a further turn of the step is possible: before its last one has ended, and where it can be repeated. */
function mayComeAgain(id: string, view: SteeringView): boolean {
  return view.standingOf(id) !== 'ended' || repeatFault(id, view) === undefined || maySendBack(id, view)
}

/** Whether a later step may send its work back. */
function maySendBack(id: string, { nodes, standingOf }: SteeringView): boolean {
  const reviewers = nodes.filter((node) => node.sendsBack === true && standingOf(node.id) !== 'ended')
  return reviewers.some((node) => leadsTo(id, node, nodes))
}

/** Commands about turns that are to come. */
const TIMELY: ReadonlySet<SteeringCommand['do']> = new Set([
  'skip',
  'drop',
  'disable',
  'enable',
  'repeat',
  'patch',
  'clear',
  'backend',
  'temperature',
  'limit',
])

function roleOf(command: SteeringCommand): string | undefined {
  if (command.do === 'disable') return command.role
  return 'target' in command && 'role' in command.target ? command.target.role : undefined
}

/** Without a step, everything that is held goes on. */
function continued(steering: Steering, node: string | null, asked: SteeringView['asked']): Applied {
  if (node !== null && asked === null) return refused('the run does not ask before its steps')
  const nodes = node === null ? (asked ?? []) : [node]
  if (nodes.length === 0 && steering.pausedBy === null) return refused('nothing is paused')
  const released = nodes.reduce((map, each) => added(map, each, ''), steering.released)
  return obeyed({ ...steering, released, pausedBy: node === null ? null : steering.pausedBy })
}

function enabled(steering: Steering, target: Target): Applied {
  const { disabled, skips, drops } = steering
  if ('role' in target) {
    if (!disabled.has(target.role)) return refused(`${target.role} is not disabled`)
    return obeyed({ ...steering, disabled: without(disabled, target.role) })
  }
  const { node } = target
  if (!skips.has(node) && !drops.has(node)) return refused(`nothing skips ${node}`)
  return obeyed({ ...steering, skips: without(skips, node), drops: without(drops, node) })
}

function isSame(one: Target, other: Target): boolean {
  return nameOf(one) === nameOf(other) && 'node' in one === 'node' in other
}

function nameOf(target: Target): string {
  return 'node' in target ? target.node : target.role
}

function added(map: ReadonlyMap<string, string>, key: string, by: string): ReadonlyMap<string, string> {
  return new Map([...map, [key, by]])
}

function obeyed(steering: Steering): Applied {
  return { kind: 'obeyed', steering }
}

function refused(reason: string): Applied {
  return { kind: 'refused', reason }
}

/** The steering once that step's skip, repetition or consent has been used. */
export function without(map: ReadonlyMap<string, string>, key: string): ReadonlyMap<string, string> {
  return new Map([...map].filter(([each]) => each !== key))
}

/** Why the next turn of the step is left out; undefined where it is not. */
export function skipReason({ drops, skips, disabled }: Steering, { id, role = '' }: SteeredNode): string | undefined {
  const [droppedBy, skippedBy, disabledBy] = [drops.get(id), skips.get(id), disabled.get(role)]
  if (droppedBy !== undefined) return `dropped by ${droppedBy}`
  if (skippedBy !== undefined) return `skipped by ${skippedBy}`
  return disabledBy === undefined ? undefined : `${role} is disabled by ${disabledBy}`
}
