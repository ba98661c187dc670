import { drainMicrotasks } from 'bun:jsc'
import { join } from 'node:path'
import type { CommandParts } from '#activities/command.ts'
import type { JobHistory } from '#activities/job-history-port.ts'
import type { TaskHistory } from '#activities/task-history-port.ts'
import type { Executing, Services } from '#app/services.ts'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import { versionText } from '../version.ts'
import { cacheFolders } from './cache-folders.ts'
import { clock, newId } from './clock.ts'
import { findWorkflow } from './find-workflow.ts'
import { surroundings } from './surroundings.ts'
import { taskActivities } from './task-activities.ts'
import { ownTerminal } from './terminal.ts'

/** The store opened for writing, and what executes runs in this process. */
export async function openExecuting(
  services: Services,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Result<Executing, Failure>> {
  // Made before the store is opened, and asked only by what is executed after that.
  let history: JobHistory
  let taskHistory: TaskHistory
  const [{ openStore, OWNERS_FOLDER }, { openLiveness }, { recordFiles }, { Worker }, { timers }, activities] =
    await Promise.all([
      import('#adapters/sqlite/store.ts'),
      import('#adapters/sqlite/liveness.ts'),
      import('#adapters/files/records.ts'),
      import('#engine/worker.ts'),
      import('#adapters/timers/timers.ts'),
      makeActivities(services, {
        environment,
        history: { lastEnd: async (...job) => await history.lastEnd(...job) },
        taskHistory: { lastBuild: async (task) => await taskHistory.lastBuild(task) },
      }),
    ])
  const { directories, key, marks, principal } = services
  const alive = openLiveness(join(directories.store, OWNERS_FOLDER), newId())
  if (!alive.ok) return alive
  const actor = actorOf(principal)
  const opened = await openStore({ directory: directories.store, clock, liveness: alive.value, key, marks, actor })
  if (!opened.ok) {
    alive.value.end()
    return opened
  }
  const { journal, reader, watch, rebuild } = opened.value
  history = opened.value.history
  taskHistory = opened.value.taskHistory
  const worker = new Worker({
    journal,
    activities,
    clock,
    timers: timers(),
    random: Math.random,
    drain: drainMicrotasks,
    actor,
    findWorkflow,
    liveness: alive.value,
    askAbout: (await import('#app/recovery-question.ts')).recoveryQuestion(newId),
  })
  const { records: directory, store } = directories
  const records = recordFiles({ directory, store, platform: process.platform, version: versionText })
  const erasing = async () => {
    const { erasedFiles } = await import('#adapters/files/erased-files.ts')
    const caches = Object.values(cacheFolders(directories))
    return { eraser: await opened.value.eraser(), files: erasedFiles({ directory, store, caches }) }
  }
  const { owner, isAlive, end } = alive.value
  return ok({ journal, reader, watch, worker, records, erasing, owner, isAlive, rebuild, end })
}

interface ActivityParts {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly history: JobHistory
  readonly taskHistory: TaskHistory
}

async function makeActivities({ directories }: Services, { environment, history, taskHistory }: ActivityParts) {
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
  const parts: CommandParts = {
    processes: processes({ platform: process.platform, ownPid: process.pid }),
    outputs: outputFiles(directories.store),
    files: jobFiles({
      cache: cacheFolders(directories).files,
      own: [directories.store, directories.keys, directories.cache],
    }),
    kept: keptFiles(directories.store),
    history,
    clock,
    environment: inheritedEnvironment(environment),
    surroundings: async () => await surroundings(environment),
    terminal: ownTerminal,
    salt: () => salt.next(),
  }
  const command = commandActivity(parts)
  const tool = async () => {
    const [{ toolActivity }, { agentTools }] = await Promise.all([
      import('#activities/tool.ts'),
      import('./agent-tools.ts'),
    ])
    return toolActivity(await agentTools({ directories, command: parts }))
  }
  const changeable = async () => await (await import('./agent-tools.ts')).changeableFiles(directories)
  const inherited = () => inheritedEnvironment(environment)
  return {
    command,
    ...taskActivities({
      command,
      agentCommands: async () => (await import('./agent-tools.ts')).commandsOfAgents(commandActivity, parts),
      tool,
      changeable,
      store: directories.store,
      own: async () => (await import('./agent-tools.ts')).ownFiles(directories),
      locks: join(directories.cache, 'locks'),
      history: taskHistory,
      inherited,
      surroundings: parts.surroundings,
    }),
  }
}
