import { resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Spaces } from '#domain/agents/spaces.ts'
import type { Orchestration } from '#domain/definition/orchestration.ts'
import { planJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { PlannedTools, ToolCommand } from '#workflows/agents/tool-call.ts'
import { commandInput } from '#workflows/job-step.ts'
import type { LoadedConfig } from './config-port.ts'
import { jobDirectory } from './project-jobs.ts'
import type { Services } from './services.ts'

const KEYS = [
  'workspace',
  'references',
  'domain',
  'read_scope',
  'write_scope',
  'allow',
  'commands',
  'variables',
] as const satisfies readonly (keyof Orchestration)[]

/** What an orchestration says of the tools of its agents. */
export type ToolSettings = Pick<Orchestration, (typeof KEYS)[number]>

export function toolSettings(definition: Orchestration): ToolSettings {
  return Object.fromEntries(KEYS.flatMap((key) => (definition[key] === undefined ? [] : [[key, definition[key]]])))
}

type Loaded = Pick<LoadedConfig, 'config' | 'project'>
type Here = Pick<Services, 'currentDirectory' | 'platform'>

/** What the tools of agents may touch and run, as a run pins it. */
export function planTools(loaded: Loaded, settings: ToolSettings, here: Here): Result<PlannedTools, Failure> {
  const commands = plannedCommands(loaded, settings.commands ?? [], here)
  if (!commands.ok) return commands
  return ok({
    spaces: plannedSpaces(settings, loaded.project?.directory ?? here.currentDirectory),
    commands: commands.value,
    environment: settings.variables ?? [],
    secrets: knownSecrets(loaded, here),
  })
}

/** Relative directories count from the project, else from where the program was started. */
function plannedSpaces(
  { workspace = '.', references = [], domain, read_scope, write_scope, allow = [] }: ToolSettings,
  base: string,
): Spaces {
  return {
    workspace: resolve(base, workspace),
    references: references.map((each) => resolve(base, each)),
    domain: resolve(base, domain ?? workspace),
    read_scope: read_scope ?? ['workspace', 'reference', 'domain'],
    write_scope: write_scope ?? ['workspace'],
    allow,
  }
}

/** Commands are those of jobs, as they stand in the configuration: an agent says which, and nothing more. */
function plannedCommands(
  loaded: Loaded,
  names: readonly string[],
  { currentDirectory, platform }: Here,
): Result<PlannedTools['commands'], Failure> {
  const { jobs = {} } = loaded.config
  const directoryOf = jobDirectory(loaded, currentDirectory)
  const commands: [string, ToolCommand][] = []
  for (const name of names) {
    const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined
    if (job === undefined) {
      const known = Object.keys(jobs)
      const suggestion = nearest(name, known)
      return err({ code: 'unknown_job', job: name, known, ...(suggestion !== undefined && { nearest: suggestion }) })
    }
    const resolveAt = (directory: string) => directoryOf(name, directory)
    const planned = planJob(name, job, { params: {}, args: [], platform, resolve: resolveAt })
    if (!planned.ok) return err({ code: 'params_invalid', problems: [...planned.error] })
    const { pty: _, files: __, ...command } = commandInput(planned.value, true)
    const limit = job.timeout_seconds ?? 0
    const asks = job.confirm !== undefined
    commands.push([
      name,
      { ...command, ...(limit > 0 && { timeout_seconds: limit }), ...(asks && { asks_first: true }) },
    ])
  }
  return ok(Object.fromEntries(commands))
}

/** Those of all jobs: agents may come across any of them. */
function knownSecrets(loaded: Loaded, { currentDirectory }: Here): PlannedTools['secrets'] {
  const directoryOf = jobDirectory(loaded, currentDirectory)
  return Object.entries(loaded.config.jobs ?? {}).flatMap(([name, { secrets = {}, working_dir = '.' }]) => {
    return Object.values(secrets).flatMap((source) =>
      source.command === undefined ? [{ source, directory: directoryOf(name, working_dir) }] : [],
    )
  })
}
