import { drainMicrotasks } from 'bun:jsc'
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import type { JobHistory } from '#activities/job-history-port.ts'
import type { ProjectHere } from '#adapters/files/effective-config.ts'
import type { LogSettings } from '#adapters/logging/log-file.ts'
import type { Backups } from '#app/backup-port.ts'
import type { ConfigFiles, ConfigSource, Directories, LoadedFile } from '#app/config-port.ts'
import type { Health } from '#app/health-port.ts'
import type { Executing, OutputPaths, Reading, Services } from '#app/services.ts'
import { sha256 } from '#base/digest.ts'
import { ulid } from '#base/id.ts'
import { err, ok, type Result } from '#base/result.ts'
import { parseSize } from '#base/size.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf, LOCAL_TENANT } from '#domain/people/principal.ts'
import type { RunId } from '#domain/run/run.ts'
import { versionText } from './version.ts'

/** What the command line says about where things lie. */
export interface ComposeOptions {
  readonly config: string | undefined
  readonly stateDir: string | undefined
  /** Somebody asks what is wrong: a configuration that cannot be read stops nothing, and nothing is written. */
  readonly examining?: boolean
  /** `--trust`: the project file counts, whoever trusted it. */
  readonly trust?: boolean
  /** How log lines get to standard output, and whether they shall, whatever the configuration says. */
  readonly logs?: { readonly toStdout: boolean; readonly write: (text: string) => void }
}

const clock = { now: () => Date.now() }
const newId = () => ulid(clock.now(), Math.random)

/** A process has one, and loads what serves it when a job or a person wants it. */
const ownTerminal = once(async () => (await import('#adapters/terminal/terminal.ts')).terminal())

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
    plans: planFiles(join(directories.cache, 'plans')),
    log: logFile(directories.logFile, async () => await logSettings(configuration, options)),
    ...configuration,
    reading: once(async () => await openReading(directories)),
    executing,
    end: async () => {
      const opened = hasOpened ? await executing() : undefined
      if (opened?.ok === true) opened.value.end()
      await services.log.flush()
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

/** What the configuration says of the log file; an invalid one, which somebody is told of elsewhere, says nothing. */
async function logSettings({ own, config }: Configuration, { logs }: ComposeOptions): Promise<LogSettings> {
  const whole = await config()
  // A mistake in a project's file does not undo the user's own settings.
  const loaded = whole.ok ? whole : await own()
  const { level, stdout, max_size = '', files } = (loaded.ok ? loaded.value.config.logging : undefined) ?? {}
  const size = parseSize(max_size)
  return {
    level: level ?? 'info',
    maxBytes: size.ok ? size.value : LOG_BYTES,
    kept: files ?? LOG_FILES,
    out: stdout === true || logs?.toStdout === true ? logs?.write : undefined,
  }
}

/** The defaults that config.ts promises: 10MB, and 3 files that were set aside. */
const LOG_BYTES = 10_000_000
const LOG_FILES = 3

interface Places {
  readonly directories: Directories
  readonly currentDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly configuration: Configuration
}

interface Configuration extends Pick<Services, 'config' | 'configFiles' | 'projects' | 'untrusted'> {
  /** The user's own file, or the one that was named, alone. */
  readonly own: () => Promise<Result<ConfigSource, Failure>>
}

/** A state directory may be named by the configuration, so that is read first, unless something stronger names one. */
async function locate(options: ComposeOptions): Promise<Result<Places, Failure>> {
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

interface Surroundings {
  readonly directories: Directories
  readonly currentDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string | undefined
}

/** The user's file, and over it the project's where that is trusted. A file that is named stands alone. */
async function configurationIn(
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
  const cache = examining ? undefined : configCache(join(directories.cache, 'config'), programKey())
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
    lines: async (bytes) => (await inspection()).keyLines(bytes),
    here: async () => (await inspection()).placesHere({ path, isNamed: named !== undefined, here }),
  }
}

/** The configuration as far as it names directories. Whoever asks for the rest of an invalid one is told what is wrong. */
async function settingsIn(own: Configuration['own']): Promise<Result<Pick<LoadedFile, 'path' | 'config'>, Failure>> {
  const loaded = await own()
  if (loaded.ok || loaded.error.code !== 'config_invalid') return loaded
  const { settingsDespite } = await import('#adapters/files/settings-despite.ts')
  const settings = settingsDespite(loaded.error.path)
  return settings === undefined ? loaded : ok(settings)
}

/** Which build this is: run from source, the program is the runtime, and every change of its code is another build. */
function programKey(): string {
  const { size, mtimeMs } = statSync(process.execPath)
  return sha256(`${versionText} ${process.execPath} ${size} ${mtimeMs}`).slice(0, 16)
}

async function openReading(directories: Directories): Promise<Result<Reading, Failure>> {
  const { openReadableStore } = await import('#adapters/sqlite/store.ts')
  return await openReadableStore(directories.store)
}

async function openExecuting(
  services: Services,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Result<Executing, Failure>> {
  // Made before the store is opened, and asked only by what is executed after that.
  let history: JobHistory
  const [{ openStore, OWNERS_FOLDER }, { openLiveness }, { recordFiles }, { Worker }, { timers }, activities, { job }] =
    await Promise.all([
      import('#adapters/sqlite/store.ts'),
      import('#adapters/sqlite/liveness.ts'),
      import('#adapters/files/records.ts'),
      import('#engine/worker.ts'),
      import('#adapters/timers/timers.ts'),
      makeActivities(services, { environment, history: { lastEnd: async (...job) => await history.lastEnd(...job) } }),
      import('#workflows/job.ts'),
    ])
  const { directories, key, marks, principal } = services
  const alive = openLiveness(join(directories.store, OWNERS_FOLDER), newId())
  if (!alive.ok) return alive
  const actor = actorOf(principal)
  const opened = await openStore({ directory: directories.store, clock, liveness: alive.value, key, marks, actor })
  if (!opened.ok) return opened
  const { journal, reader, watch, rebuild } = opened.value
  history = opened.value.history
  const worker = new Worker({
    journal,
    activities,
    clock,
    timers: timers(),
    random: Math.random,
    drain: drainMicrotasks,
    actor,
    workflows: { [job.name]: job },
    liveness: alive.value,
    askAbout: (await import('#app/recovery-question.ts')).recoveryQuestion(newId),
  })
  const { records: directory, store } = directories
  const records = recordFiles({ directory, store, platform: process.platform, version: versionText })
  const erasing = async () => {
    const { erasedFiles } = await import('#adapters/files/erased-files.ts')
    return { eraser: await opened.value.eraser(), files: erasedFiles({ directory, store }) }
  }
  const { owner, isAlive, end } = alive.value
  return ok({ journal, reader, watch, worker, records, erasing, owner, isAlive, rebuild, end })
}

async function makeActivities(
  { directories }: Services,
  {
    environment,
    history,
  }: { readonly environment: Readonly<Record<string, string | undefined>>; readonly history: JobHistory },
) {
  const [
    { commandActivity },
    { processes },
    { outputFiles },
    { jobFiles },
    { keptFiles },
    { salts },
    { inheritedEnvironment },
  ] = await Promise.all([
    import('#activities/command.ts'),
    import('#adapters/process/processes.ts'),
    import('#adapters/files/outputs.ts'),
    import('#adapters/files/job-files.ts'),
    import('#adapters/files/kept-files.ts'),
    import('#adapters/sqlite/salts.ts'),
    import('#adapters/files/environment.ts'),
  ])
  const salt = salts()
  return {
    command: commandActivity({
      processes: processes({ platform: process.platform, ownPid: process.pid }),
      outputs: outputFiles(directories.store),
      files: jobFiles(join(directories.cache, 'files')),
      kept: keptFiles(directories.store),
      history,
      clock,
      environment: inheritedEnvironment(environment),
      surroundings: async () => await surroundings(environment),
      terminal: ownTerminal,
      salt: () => salt.next(),
    }),
  }
}

/** Loaded for the jobs that have files of variables or secrets. */
async function surroundings(environment: Readonly<Record<string, string | undefined>>) {
  return (await import('#adapters/files/surrounding-files.ts')).surroundingFiles(environment)
}

async function findLeftovers(store: string, key: string) {
  const [{ processes }, { notePath }] = await Promise.all([
    import('#adapters/process/processes.ts'),
    import('#adapters/files/outputs.ts'),
  ])
  const port = processes({ platform: process.platform, ownPid: process.pid })
  return await port.findLeftovers({ step: key, notePath: notePath(store, key) })
}

async function outputPaths(store: string): Promise<OutputPaths> {
  const { artifactFault, artifactPath, latestRunning, sizeOf } = await import('#adapters/files/outputs.ts')
  return {
    artifact: (digest) => artifactPath(store, digest),
    running: (key, stream, attempt) =>
      latestRunning(store, key, attempt === undefined ? stream : `${attempt}.${stream}`),
    size: sizeOf,
    fault: (digest) => artifactFault(store, digest),
  }
}

async function health(directories: Directories, variables: Health['variables']): Promise<Health> {
  const [facts, { openStoreAsItIs }, owners] = await Promise.all([
    import('#adapters/files/health-facts.ts'),
    import('#adapters/sqlite/store.ts'),
    import('#adapters/sqlite/owner-files.ts'),
  ])
  return {
    release: `${versionText} · ${process.platform} ${process.arch}`,
    home: variables['HOME'] ?? variables['USERPROFILE'],
    variables,
    path: facts.pathFacts,
    volume: facts.volumeOf,
    program: (name) => facts.programOn(variables['PATH'] ?? variables['Path'] ?? '', name),
    store: async () => {
      const opened = await openStoreAsItIs(directories.store)
      return opened.ok ? ok({ ...opened.value, close: () => opened.value.reader.close() }) : opened
    },
    owners: async () => owners.ownerFiles(directories.store, clock.now()),
    forgetOwner: async (name) => owners.forgetOwner(directories.store, name),
    recordFault: async (end) => facts.recordFault(directories.records, end),
  }
}

/** Copies of the store. Their parts are loaded when one is made or looked at. */
function backups(store: string, currentDirectory: string): Backups {
  const folders = () => import('#adapters/files/backup-folder.ts')
  return {
    begin: async (directory) => {
      const [{ beginBackup }, { copyStore }] = await Promise.all([folders(), import('#adapters/sqlite/copy-store.ts')])
      const copyLog = async (to: string) => await copyStore(store, to)
      return beginBackup({ directory: resolve(currentDirectory, directory), store, id: newId(), copyLog })
    },
    open: async (directory) => {
      const [{ openStoreAsItIs }, { STORE_FOLDER }] = await Promise.all([
        import('#adapters/sqlite/store.ts'),
        folders(),
      ])
      const opened = await openStoreAsItIs(join(resolve(currentDirectory, directory), STORE_FOLDER))
      if (!opened.ok) return opened
      const { log, isCurrent, reader } = opened.value
      return ok({ log, isCurrent, close: () => reader.close() })
    },
    check: async (directory) => (await folders()).checkManifest(resolve(currentDirectory, directory)),
    artifactFault: async (directory) => {
      const [{ artifactFault }, { STORE_FOLDER }] = await Promise.all([import('#adapters/files/outputs.ts'), folders()])
      const copy = join(resolve(currentDirectory, directory), STORE_FOLDER)
      return (digest) => artifactFault(copy, digest)
    },
  }
}

/** This program once more, in a session of its own, so that it outlives the terminal. */
async function launch(args: readonly string[], currentDirectory: string): Promise<Result<void, Failure>> {
  const { spawn } = await import('node:child_process')
  const self = process.execPath
  // Run from source or from the npm package, the program is Bun, and the script comes first.
  const script = process.argv.slice(1, 2).filter((path) => /\.[jt]s$/.test(path))
  try {
    const child = spawn(self, [...script, ...args], {
      cwd: currentDirectory,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    })
    child.on('error', () => undefined)
    child.unref()
    return ok()
  } catch (error) {
    return err({ code: 'spawn_failed', program: self, reason: String(error) })
  }
}

function globalArguments({ config, stateDir }: ComposeOptions): readonly string[] {
  return [
    ...(config === undefined ? [] : [`--config=${config}`]),
    ...(stateDir === undefined ? [] : [`--state-dir=${stateDir}`]),
  ]
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
