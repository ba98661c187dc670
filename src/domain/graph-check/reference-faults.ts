import { placeholdersIn } from '../context/fill-texts.ts'
import { substituteOf } from '../definition/node-graph.ts'
import type { OrchestrationNode } from '../definition/orchestration-node.ts'
import { paramFault } from '../definition/param.ts'
import { type GraphFault, type Path, worded } from './graph-fault.ts'
import type { World } from './world.ts'

/** What a node may name. */
interface Names {
  readonly world: World
  /** The nodes of its graph. */
  readonly ids: readonly string[]
}

/** What a node names that is not there: agents, jobs and their parameters, orchestrations, tasks, other nodes. */
export function referenceFaults(node: OrchestrationNode, path: Path, names: Names): readonly GraphFault[] {
  const { needs = [] } = node
  const unknownNeeds = needs.flatMap((need, index) => unknownNode(need, [...path, 'needs', index], names.ids))
  return [
    ...unknownNeeds,
    ...substituteFaults(node, path, names.ids),
    ...workFaults(node, [...path, 'with'], names.world),
  ]
}

function unknownNode(id: string, path: Path, ids: readonly string[]): readonly GraphFault[] {
  if (ids.includes(id)) return []
  return [{ kind: 'unknown_need', path, at: 'value', found: worded(id), meant: { word: id, candidates: ids } }]
}

function substituteFaults(
  { id, on_failure }: OrchestrationNode,
  path: Path,
  ids: readonly string[],
): readonly GraphFault[] {
  return substituteOf({ ...(on_failure !== undefined && { on_failure }) }).flatMap((then): readonly GraphFault[] => {
    const at = [...path, 'on_failure']
    if (then !== id) return unknownNode(then, at, ids)
    const expected = 'another node; for another try there is "retry",'
    return [{ kind: 'bad_value', path: at, at: 'value', found: worded(id), expected }]
  })
}

function workFaults(node: OrchestrationNode, path: Path, world: World): readonly GraphFault[] {
  const { kind = 'agent', with: work = {} } = node
  switch (kind) {
    case 'agent':
      return unknownName(work.agent, [...path, 'agent'], {
        what: 'an agent',
        known: world.roles,
        isKnown: (name) => world.role(name) !== undefined,
      })
    case 'job':
      return [
        ...unknownName(work.job, [...path, 'job'], among('a job', world.jobNames)),
        ...paramFaults(work, path, world),
      ]
    case 'orchestration':
      return [
        ...unknownName(
          work.orchestration,
          [...path, 'orchestration'],
          among('an orchestration', world.orchestrationNames),
        ),
        ...unknownTask(work.task, [...path, 'task'], world),
      ]
    default:
      return []
  }
}

interface Kind {
  readonly what: string
  readonly known: readonly string[]
  readonly isKnown: (name: string) => boolean
}

function among(what: string, known: readonly string[]): Kind {
  return { what, known, isKnown: (name) => known.includes(name) }
}

function unknownName(name: string | undefined, path: Path, { what, known, isKnown }: Kind): readonly GraphFault[] {
  if (name === undefined || isKnown(name)) return []
  const expected = known.length === 0 ? `${what}, and none is configured,` : `${what} that is configured`
  return [
    { kind: 'bad_value', path, at: 'value', found: worded(name), expected, meant: { word: name, candidates: known } },
  ]
}

/** Which task a text with placeholders means, only the run knows. */
export function unknownTask(task: string | undefined, path: Path, { tasks }: World): readonly GraphFault[] {
  return task === undefined || placeholdersIn(task).length > 0 ? [] : unknownName(task, path, among('a task', tasks))
}

type Work = NonNullable<OrchestrationNode['with']>

function paramFaults({ job = '', params = {} }: Work, path: Path, { jobs }: World): readonly GraphFault[] {
  const definition = Object.hasOwn(jobs, job) ? jobs[job] : undefined
  if (definition === undefined) return []
  const declared = definition.params ?? {}
  const candidates = Object.keys(declared)
  const missing = candidates.filter((name) => declared[name]?.default === undefined && !Object.hasOwn(params, name))
  return [
    ...missing.map((name): GraphFault => {
      return {
        kind: 'missing_key',
        path: [...path, 'params', name],
        at: 'table',
        expected: `a value for the job ${worded(job)}`,
      }
    }),
    ...Object.entries(params).flatMap(([name, given]): readonly GraphFault[] => {
      const at = [...path, 'params', name]
      const param = Object.hasOwn(declared, name) ? declared[name] : undefined
      if (param === undefined)
        return [
          {
            kind: 'unknown_key',
            path: at,
            at: 'key',
            expected: candidates.join(', '),
            meant: { word: name, candidates },
          },
        ]
      const value = String(given)
      if (placeholdersIn(value).length > 0 || paramFault(param, value) === undefined) return []
      return [
        { kind: 'bad_value', path: at, at: 'value', found: worded(value), expected: 'a value that the job takes' },
      ]
    }),
  ]
}
