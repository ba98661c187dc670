import { availableParallelism } from 'node:os'
import type { Directories } from '#app/config-port.ts'
import type { Reading, Services } from '#app/services.ts'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { LOCAL_TENANT } from '#domain/people/principal.ts'
import type { RunId } from '#domain/run/run.ts'
import { backups } from './compose/backups.ts'
import { cacheFolders } from './compose/cache-folders.ts'
import { clock, newId } from './compose/clock.ts'
import { openExecuting } from './compose/executing.ts'
import { findWorkflow } from './compose/find-workflow.ts'
import { health } from './compose/health.ts'
import { globalArguments, launch } from './compose/launch.ts'
import { logSettings } from './compose/log-settings.ts'
import { once } from './compose/once.ts'
import type { ComposeOptions } from './compose/options.ts'
import { findLeftovers, outputPaths } from './compose/outputs.ts'
import { locate } from './compose/places.ts'
import { surroundings } from './compose/surroundings.ts'
import { ownTerminal } from './compose/terminal.ts'

/** The variables that this process was started with. */
export async function environment(): Promise<Readonly<Record<string, string | undefined>>> {
  return (await import('#adapters/files/environment.ts')).environment()
}

/** Puts the product together: the only place that names its concrete parts, each loaded when it is first needed. */
export async function compose(options: ComposeOptions): Promise<Result<Services, Failure>> {
  const places = await locate(options)
  if (!places.ok) return places
  const { directories, currentDirectory, environment, configuration } = places.value
  const [{ signingKey }, { marks }, { logFile }, { documentFiles }, { planFiles }, { osUser }] = await Promise.all([
    import('#adapters/keys/signing-key.ts'),
    import('#adapters/keys/marks.ts'),
    import('#adapters/logging/log-file.ts'),
    import('#adapters/files/documents.ts'),
    import('#adapters/files/plans.ts'),
    import('#adapters/files/os-user.ts'),
  ])
  let hasOpened = false
  const executing = once(async () => {
    hasOpened = true
    return await openExecuting(services, environment)
  })
  const services: Services = {
    principal: { kind: 'person', name: osUser(), tenant: LOCAL_TENANT },
    clock,
    directories,
    currentDirectory,
    processors: availableParallelism(),
    platform: process.platform,
    key: signingKey(directories.keys),
    marks: marks(directories.keys),
    documents: documentFiles(currentDirectory),
    hashing: async () => {
      const { hashing } = await import('#adapters/hashing/hashing.ts')
      // The worker is bundled as an entry of its own, and lies at the same place seen from here as in the sources.
      const worker = new URL('./adapters/hashing/hash-worker.js', import.meta.url)
      return hashing(currentDirectory, { processors: availableParallelism(), worker })
    },
    orket: async () => (await import('#adapters/files/orket/orket-files.ts')).orketFiles(currentDirectory),
    plans: planFiles(cacheFolders(directories).plans),
    log: logFile(directories.logFile, async () => await logSettings(configuration, options)),
    ...configuration,
    reading: once(async () => await openReading(directories)),
    executing,
    end: async () => {
      const opened = hasOpened ? await executing() : undefined
      if (opened?.ok === true) opened.value.end()
      await services.log.flush()
    },
    replaying: async () => ({ findWorkflow, drain: (await import('bun:jsc')).drainMicrotasks }),
    realPath: async () => (await import('#adapters/workspace/locate.ts')).realOr,
    changedFiles: async () => await (await import('./compose/agent-tools.ts')).changedFiles(directories),
    checkouts: async () => {
      const [{ checkouts }, { inheritedEnvironment }] = await Promise.all([
        import('#adapters/git/checkouts.ts'),
        import('#adapters/files/environment.ts'),
      ])
      const { artifact } = services.files
      return checkouts({ environment: inheritedEnvironment(environment), artifact })
    },
    launch: async (args) => await launch([...globalArguments(options), ...args], currentDirectory),
    newRunId: () => newId() as RunId,
    leftovers: async (key) => await findLeftovers(directories.store, key),
    health: once(async () => await health(directories, environment)),
    terminal: ownTerminal,
    secretSources: async () => await surroundings(environment),
    backups: backups(directories.store, currentDirectory),
    artifactFiles: async () => {
      const { artifactFiles } = await import('#adapters/files/artifact-files.ts')
      return artifactFiles({ store: directories.store, currentDirectory, platform: process.platform })
    },
    files: await outputPaths(directories.store),
  }
  return ok(services)
}

async function openReading(directories: Directories): Promise<Result<Reading, Failure>> {
  const { openReadableStore } = await import('#adapters/sqlite/store.ts')
  return await openReadableStore(directories.store)
}
