import type { Config } from './config.ts'

/**
 * A project's configuration over the user's. A job, task, agent or orchestration of the project replaces the user's of
 * the same name as a whole, letter case aside, since names become file names. Settings are replaced key by key.
 */
export function mergeConfigs(own: Config, project: Config): Config {
  return {
    ...own,
    ...both('logging', own.logging, project.logging),
    ...both('hash', own.hash, project.hash),
    ...byName('jobs', own.jobs, project.jobs),
    ...byName('tasks', own.tasks, project.tasks),
    ...byName('agents', own.agents, project.agents),
    ...byName('orchestrations', own.orchestrations, project.orchestrations),
    ...allRules(own.conductor, project.conductor),
  }
}

/** The tables and keys that are the user's alone: they concern the runs of every project. */
const OWN_ONLY: readonly (readonly string[])[] = [
  ['state'],
  ['retention'],
  ['logging', 'max_size'],
  ['logging', 'files'],
]

/** The paths of what stands in a project's configuration, valid or not, and is none of its business. */
export function notForProjects(config: unknown): readonly (readonly string[])[] {
  return OWN_ONLY.filter((path) => {
    const found = path.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      config,
    )
    return found !== undefined
  })
}

/** The names, such as `jobs.build`, of what the project puts in the place of something of the user's. */
export function replacedNames(own: Config, project: Config): readonly string[] {
  return (['jobs', 'tasks', 'agents', 'orchestrations'] as const).flatMap((table) => {
    const names = new Set(Object.keys(project[table] ?? {}).map((name) => name.toLowerCase()))
    return Object.keys(own[table] ?? {}).flatMap((name) => (names.has(name.toLowerCase()) ? [`${table}.${name}`] : []))
  })
}

function allRules(own: Config['conductor'], project: Config['conductor']): Part<'conductor', Config['conductor']> {
  const rules = [...(own?.rules ?? []), ...(project?.rules ?? [])]
  return rules.length === 0 ? {} : { conductor: { rules } }
}

type Part<Key extends string, Value> = { readonly [Each in Key]?: Value }

function both<Key extends string, Value extends object>(
  key: Key,
  own: Value | undefined,
  project: Value | undefined,
): Part<Key, Value> {
  const merged = own === undefined || project === undefined ? (project ?? own) : { ...own, ...project }
  return merged === undefined ? {} : ({ [key]: merged } as Part<Key, Value>)
}

type Named<Value> = Readonly<Record<string, Value>>

function byName<Key extends string, Value>(
  key: Key,
  own: Named<Value> | undefined,
  project: Named<Value> | undefined,
): Part<Key, Record<string, Value>> {
  if (own === undefined && project === undefined) return {}
  const taken = new Set(Object.keys(project ?? {}).map((name) => name.toLowerCase()))
  const kept = Object.entries(own ?? {}).filter(([name]) => !taken.has(name.toLowerCase()))
  const merged = Object.fromEntries([...kept, ...Object.entries(project ?? {})])
  return { [key]: merged } as Part<Key, Record<string, Value>>
}
