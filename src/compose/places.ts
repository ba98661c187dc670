import type { Directories, LoadedFile } from '#app/config-port.ts'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { type Configuration, configurationIn } from './configuration.ts'
import type { ComposeOptions } from './options.ts'

interface Places {
  readonly directories: Directories
  readonly currentDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly configuration: Configuration
}

/** A state directory may be named by the configuration, so that is read first, unless something stronger names one. */
export async function locate(options: ComposeOptions): Promise<Result<Places, Failure>> {
  const { stateDir: flag, examining } = options
  const [files, { directories }, { chosenStateDirectory }] = await Promise.all([
    import('#adapters/files/environment.ts'),
    import('#adapters/files/directories.ts'),
    import('#adapters/files/state-directory.ts'),
  ])
  const environment = files.environment()
  const current = files.currentDirectory()
  if (!current.ok) return current
  const usual = await files.usualPaths()
  if (!usual.ok) return usual
  const sources = { environment, platform: process.platform, usual: usual.value }
  const first = directories(sources)
  if (!first.ok) return first
  const currentDirectory = current.value
  const surroundings = { directories: first.value, currentDirectory, environment, home: files.homeDirectory() }
  const configuration = await configurationIn(surroundings, options)
  if (!configuration.ok) return configuration
  const isNamed = flag !== undefined || (environment['ORCHASTRATION_STATE_DIR'] ?? '') !== ''
  const loaded = isNamed ? ok({ path: '', config: {} }) : await settingsIn(configuration.value.own)
  if (!loaded.ok && examining !== true) return loaded
  const settings = loaded.ok ? loaded.value : { path: '', config: {} }
  const chosen = chosenStateDirectory({ flag, environment, loaded: settings, currentDirectory })
  if (!chosen.ok) return chosen
  const moved = directories({ ...sources, stateDir: chosen.value })
  return moved.ok
    ? ok({ directories: moved.value, currentDirectory, environment, configuration: configuration.value })
    : moved
}

/** The configuration as far as it names directories. Whoever asks for the rest of an invalid one is told what is wrong. */
async function settingsIn(own: Configuration['own']): Promise<Result<Pick<LoadedFile, 'path' | 'config'>, Failure>> {
  const loaded = await own()
  if (loaded.ok || loaded.error.code !== 'config_invalid') return loaded
  const { settingsDespite } = await import('#adapters/files/settings-despite.ts')
  const settings = settingsDespite(loaded.error.path)
  return settings === undefined ? loaded : ok(settings)
}
