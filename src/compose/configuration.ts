import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ProjectHere } from '#adapters/files/effective-config.ts'
import type { ConfigFiles, ConfigSource, Directories } from '#app/config-port.ts'
import type { Services } from '#app/services.ts'
import { sha256 } from '#base/digest.ts'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { versionText } from '../version.ts'
import { cacheFolders } from './cache-folders.ts'
import { clock } from './clock.ts'
import { once } from './once.ts'
import type { ComposeOptions } from './options.ts'

export interface Configuration extends Pick<Services, 'config' | 'configFiles' | 'projects' | 'untrusted'> {
  /** The user's own file, or the one that was named, alone. */
  readonly own: () => Promise<Result<ConfigSource, Failure>>
}

interface Surroundings {
  readonly directories: Directories
  readonly currentDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string | undefined
}

/** The user's file, and over it the project's where that is trusted. A file that is named stands alone. */
export async function configurationIn(
  { directories, currentDirectory, environment, home }: Surroundings,
  { config: named, trust = false, examining = false }: ComposeOptions,
): Promise<Result<Configuration, Failure>> {
  const [{ configFile }, { configCache }, { effectiveConfig, projectHere }, { projects }, { trustRecords }] =
    await Promise.all([
      import('#adapters/files/config-file.ts'),
      import('#adapters/files/config-cache.ts'),
      import('#adapters/files/effective-config.ts'),
      import('#adapters/files/projects.ts'),
      import('#adapters/files/trust-records.ts'),
    ])
  const usual = directories.configFile
  const cache = examining ? undefined : configCache(cacheFolders(directories).config, programKey())
  const records = trustRecords(join(directories.keys, 'trust'))
  const found = projects({ currentDirectory, home, records, clock })
  const trustedPaths = environment['ORCHASTRATION_TRUSTED_PATHS']
  const here =
    named === undefined
      ? projectHere({ projects: found, records, isTrusted: trust, trustedPaths })
      : ok({ state: 'none' } as const)
  if (!here.ok) return here
  const own = once(async () => await configFile(named, { usual, currentDirectory, cache }))
  return ok({
    own,
    config: once(async () => {
      const loaded = await own()
      return loaded.ok ? await effectiveConfig(loaded.value, here.value, cache) : loaded
    }),
    projects: found,
    untrusted: () => (here.value.state === 'untrusted' ? here.value.untrusted : undefined),
    configFiles: configFiles({ usual, named, currentDirectory, here: here.value }),
  })
}

interface ConfigFilesHere {
  readonly usual: string
  readonly named: string | undefined
  readonly currentDirectory: string
  readonly here: ProjectHere
}

function configFiles({ usual, named, currentDirectory, here }: ConfigFilesHere): ConfigFiles {
  const inspection = async () => await import('#adapters/files/inspect-config.ts')
  const path = named === undefined ? usual : resolve(currentDirectory, named)
  return {
    check: async (file) => await (await inspection()).checkFile(resolve(currentDirectory, file)),
    checkGraphs: async (file) => await (await inspection()).checkGraphs(file),
    lines: async (bytes) => (await inspection()).keyLines(bytes),
    here: async () => (await inspection()).placesHere({ path, isNamed: named !== undefined, here }),
  }
}

/** Which build this is: run from source, the program is the runtime, and every change of its code is another build. */
function programKey(): string {
  const { size, mtimeMs } = statSync(process.execPath)
  return sha256(`${versionText} ${process.execPath} ${size} ${mtimeMs}`).slice(0, 16)
}
