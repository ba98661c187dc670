import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { planJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventBodies } from '#domain/run/event.ts'
import { type OrchestrationInput, orchestration } from '#workflows/orchestration.ts'
import type { LoadedConfig } from './config-port.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration } from './orchestrations.ts'
import { jobDirectory } from './project-jobs.ts'
import type { Services } from './services.ts'

/** What is asked of an orchestration, as its caller said it. */
export interface OrchestrationRequest {
  /** The built-in one without it. */
  readonly name?: string | undefined
  readonly goal?: string | undefined
  readonly task?: string | undefined
  readonly parallel?: number | undefined
}

/** The whole input of an orchestration's run: from here on it depends on no file. */
export function planOrchestration(
  loaded: Pick<LoadedConfig, 'config' | 'project'>,
  { name = DEFAULT_ORCHESTRATION, goal, task, parallel }: OrchestrationRequest,
  services: Pick<Services, 'currentDirectory' | 'processors' | 'platform'>,
): Result<OrchestrationInput, Failure> {
  const found = findOrchestration(loaded.config, name)
  if (!found.ok) return found
  const { nodes, tasks: own } = found.value
  const asked = [...(task === undefined ? [] : [task]), ...own]
  const missing = asked.find((each) => !Object.hasOwn(loaded.config.tasks ?? {}, each))
  if (missing !== undefined) return err(unknownTask(loaded, missing))
  return ok({
    name,
    ...(goal !== undefined && { goal }),
    ...(task !== undefined && { task }),
    for_tasks: own,
    nodes,
    tasks: Object.entries(loaded.config.tasks ?? {}).map(([each, definition]) => ({ name: each, task: definition })),
    jobs: plannedJobs(loaded, services),
    parallel: parallel ?? services.processors,
  })
}

/** The first event of an orchestration's run. */
export function queuedOrchestration(
  input: OrchestrationInput,
  { sources }: Pick<LoadedConfig, 'sources'>,
): EventBodies['run.queued'] {
  return {
    workflow: orchestration.name,
    workflow_version: orchestration.version,
    name: input.name,
    input,
    resume: 'ask',
    config: sources.map(({ path, digest }) => ({ path, digest })),
  }
}

/** The jobs that a plan may consist of: those that need nothing which nobody is there to give. */
function plannedJobs(
  loaded: Pick<LoadedConfig, 'config' | 'project'>,
  { currentDirectory, platform }: Pick<Services, 'currentDirectory' | 'platform'>,
): OrchestrationInput['jobs'] {
  const resolve = jobDirectory(loaded, currentDirectory)
  return Object.entries(loaded.config.jobs ?? {}).flatMap(([name, definition]) => {
    const request = { params: {}, args: [], platform, resolve: (directory: string) => resolve(name, directory) }
    const planned = planJob(name, definition, request)
    return planned.ok ? [planned.value] : []
  })
}

function unknownTask({ config }: Pick<LoadedConfig, 'config'>, task: string): Failure {
  const known = Object.keys(config.tasks ?? {})
  const suggestion = nearest(task, known)
  return { code: 'unknown_task', task, known, ...(suggestion !== undefined && { nearest: suggestion }) }
}
