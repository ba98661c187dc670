import { realpathSync } from 'node:fs'
import { delimiter, isAbsolute, relative, resolve, sep } from 'node:path'
import type { ConfigSource, LoadedConfig, TableName, UntrustedProject } from '#app/config-port.ts'
import type { FoundProject, Projects } from '#app/project-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Config } from '#domain/definition/config.ts'
import { mergeConfigs } from '#domain/definition/merge-configs.ts'
import type { Failure } from '#domain/failure.ts'
import type { ConfigCache } from './config-cache.ts'
import { loadBytes, loadFile, readBytes } from './load-file.ts'
import { distrustIn } from './projects.ts'
import type { TrustRecords } from './trust-records.ts'

export interface EffectiveOptions {
  readonly projects: Pick<Projects, 'find'>
  readonly records: TrustRecords
  readonly cache?: ConfigCache | undefined
  /** `--trust`: the project counts this once, as it is. */
  readonly isTrusted: boolean
  /** `ORCHASTRATION_TRUSTED_PATHS`. */
  readonly trustedPaths: string | undefined
}

/** The project that one stands in: none, one that counts with the bytes that do, or one that does not. */
export type ProjectHere =
  | { readonly state: 'none' }
  | { readonly state: 'trusted'; readonly found: FoundProject; readonly bytes: Result<Uint8Array, Failure> }
  | { readonly state: 'untrusted'; readonly untrusted: UntrustedProject }

/** Looks for a project file and at the trust in it. Nothing of the file is obeyed, or even understood, before that. */
export function projectHere(options: EffectiveOptions): Result<ProjectHere, Failure> {
  const found = options.projects.find()
  // A directory above that cannot be looked at keeps nobody from working here.
  if (!found.ok || found.value === undefined) return ok({ state: 'none' })
  const { directory, path } = found.value
  const waived = isWaived(directory, options)
  if (!waived.ok) return waived
  const bytes = readBytes(path, { isProject: true })
  if (waived.value) return ok({ state: 'trusted', found: found.value, bytes })
  const distrust = bytes.ok
    ? distrustIn(directory, sha256(bytes.value), options.records)
    : ({ reason: 'new', files: [] } as const)
  if (distrust === undefined) return ok({ state: 'trusted', found: found.value, bytes })
  const { reason, files } = distrust
  return ok({
    state: 'untrusted',
    untrusted: { directory, path, reason, files, names: async (table) => await namesIn(path, table) },
  })
}

/** The user's configuration, and over it that of the project, where there is one that counts. */
export async function effectiveConfig(
  own: ConfigSource,
  here: ProjectHere,
  cache: ConfigCache | undefined,
): Promise<Result<LoadedConfig, Failure>> {
  if (here.state === 'none') return ok({ config: own.config, sources: [own] })
  if (here.state === 'untrusted') return ok({ config: own.config, sources: [own], untrusted: here.untrusted })
  const { directory, path } = here.found
  if (!here.bytes.ok) return here.bytes
  const loaded = await loadBytes(path, here.bytes.value, { cache, isProject: true })
  if (!loaded.ok) return loaded
  const { config } = loaded.value
  const jobs = new Set(Object.keys(config.jobs ?? {}))
  const sources = [own, { kind: 'project', ...loaded.value }] as const
  return ok({ config: mergeConfigs(own.config, placedIn(directory, config)), sources, project: { directory, jobs } })
}

/** The same with the directories of its tasks absolute: wherever in the project one stands, they are meant from its file. */
function placedIn(directory: string, config: Config): Config {
  if (config.tasks === undefined) return config
  const tasks = Object.entries(config.tasks).map(([name, task]) => {
    return [name, { ...task, working_dir: resolve(directory, task.working_dir) }] as const
  })
  return { ...config, tasks: Object.fromEntries(tasks) }
}

/** What a table of a file that is not trusted defines: to say what it is about, and nothing more. */
async function namesIn(path: string, table: TableName): Promise<readonly string[] | undefined> {
  const loaded = await loadFile(path, { isProject: true })
  return loaded.ok ? Object.keys(loaded.value.config[table] ?? {}) : undefined
}

/** Whether whoever started the program trusts the directory without a record. */
function isWaived(directory: string, { isTrusted, trustedPaths = '' }: EffectiveOptions): Result<boolean, Failure> {
  const paths = trustedPaths.split(delimiter).filter((path) => path !== '')
  const wrong = paths.find((path) => !isAbsolute(path))
  if (wrong !== undefined)
    return err({ code: 'directory_invalid', setting: 'ORCHASTRATION_TRUSTED_PATHS', value: wrong })
  return ok(isTrusted || paths.some((path) => isAtOrBelow(directory, path)))
}

function isAtOrBelow(directory: string, path: string): boolean {
  try {
    const inside = relative(realpathSync(path), directory)
    return inside === '' || !(inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
  } catch {
    return false
  }
}
