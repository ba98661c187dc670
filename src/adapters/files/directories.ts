import { posix, win32 } from 'node:path'
import type { Paths } from 'env-paths'
import type { Directories } from '#app/config-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Environment } from './environment.ts'

export interface DirectorySources {
  readonly environment: Environment
  readonly platform: NodeJS.Platform
  /** What env-paths answers for `orchastration` without a suffix. */
  readonly usual: Paths
  /** Absolute; moves the records and the store. See state-directory.ts. */
  readonly stateDir?: string | undefined
}

/** Where everything lies on this machine. */
export function directories(sources: DirectorySources): Result<Directories, Failure> {
  const mistake = relativeSetting(sources)
  if (mistake !== undefined) return err({ code: 'directory_invalid', ...mistake })
  const places = usualPlaces(sources)
  if (sources.stateDir === undefined) return ok(places)
  const store = pathsOf(sources.platform).join(sources.stateDir, 'store')
  return ok({ ...places, records: sources.stateDir, store })
}

interface Setting {
  readonly setting: string
  readonly value: string
}

/** A relative directory would mean another place in each directory the program is started from. */
function relativeSetting({ environment, platform, usual }: DirectorySources): Setting | undefined {
  const { isAbsolute } = pathsOf(platform)
  for (const setting of settingsOf(platform)) {
    const value = environment[setting]
    if (value !== undefined && value !== '' && !isAbsolute(value)) return { setting, value }
  }
  if (Object.values(usual).every((path) => isAbsolute(path))) return undefined
  const setting = platform === 'win32' ? 'USERPROFILE' : 'HOME'
  return { setting, value: environment[setting] ?? '' }
}

function settingsOf(platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32') return ['APPDATA', 'LOCALAPPDATA']
  if (platform === 'darwin') return []
  return ['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME']
}

/** The keys never lie below the store: who restores an old store must not restore the high-water mark with it. */
function usualPlaces({ platform, usual }: DirectorySources): Directories {
  const { dirname, join } = pathsOf(platform)
  if (platform === 'win32') {
    // env-paths sorts into `Config`, `Data`, `Cache`; the documented places are their parents.
    const local = dirname(usual.cache)
    return places(join, {
      config: dirname(usual.config),
      cache: local,
      store: join(local, 'store'),
      keys: join(local, 'keys'),
    })
  }
  if (platform === 'darwin') {
    const { data, cache } = usual
    return places(join, { config: data, cache, store: join(data, 'store'), keys: join(data, 'keys') })
  }
  // What env-paths calls `log` is XDG_STATE_HOME.
  return places(join, { config: usual.config, cache: usual.cache, store: usual.log, keys: usual.data })
}

interface Roots {
  readonly config: string
  readonly cache: string
  readonly store: string
  readonly keys: string
}

function places(join: typeof posix.join, { config, cache, store, keys }: Roots): Directories {
  return {
    configFile: join(config, 'config.toml'),
    records: join(cache, 'state'),
    logFile: join(cache, 'orchastration.log'),
    cache,
    store,
    keys,
  }
}

/** The platform's own path rules, whatever the platform of a test. */
function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix
}
