import { isAbsolute, resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { LoadedConfig, TableName, UntrustedProject } from './config-port.ts'

/** Makes a directory of a job absolute: those of a project count from the project's, others from the current one. */
export function jobDirectory(
  { project }: Pick<LoadedConfig, 'project'>,
  currentDirectory: string,
): (job: string, directory: string) => string {
  return (job, directory) => {
    if (isAbsolute(directory)) return directory
    return resolve(project?.jobs.has(job) === true ? project.directory : currentDirectory, directory)
  }
}

/**
 * Fails where one of these jobs is in a project file that does not count. Also where the user has a job of that name:
 * who asks for it here means the project's, and must not get another one.
 */
export async function requireTrust(config: LoadedConfig, jobs: readonly string[]): Promise<Result<void, Failure>> {
  const job = await untrustedName(config, 'jobs', jobs)
  if (job === undefined || config.untrusted === undefined) return ok()
  return err({ ...untrustedFailure(config.untrusted), job })
}

/** The same of a task. */
export async function requireTaskTrust(config: LoadedConfig, name: string): Promise<Result<void, Failure>> {
  const task = await untrustedName(config, 'tasks', [name])
  if (task === undefined || config.untrusted === undefined) return ok()
  return err({ ...untrustedFailure(config.untrusted), task })
}

/** The same of an orchestration and of the task that it is to be about. */
export async function requireOrchestrationTrust(
  config: LoadedConfig,
  { name, task }: { readonly name?: string | undefined; readonly task?: string | undefined },
): Promise<Result<void, Failure>> {
  const { untrusted } = config
  if (untrusted === undefined) return ok()
  const trusted = task === undefined ? ok() : await requireTaskTrust(config, task)
  if (!trusted.ok || name === undefined) return trusted
  const orchestration = await untrustedName(config, 'orchestrations', [name])
  return orchestration === undefined ? ok() : err({ ...untrustedFailure(untrusted), orchestration })
}

/** The first of these names that the file defines; where it cannot be read, the first that nobody else does. */
async function untrustedName(
  { config, untrusted }: LoadedConfig,
  table: TableName,
  names: readonly string[],
): Promise<string | undefined> {
  const theirs = await untrusted?.names(table)
  return untrusted && names.find((name) => theirs?.includes(name) ?? !Object.hasOwn(config[table] ?? {}, name))
}

/** That a project file does not count, as a failure. */
export function untrustedFailure({
  path,
  directory,
  reason,
  files,
}: Omit<UntrustedProject, 'names'>): FailureOf<'project_untrusted'> {
  return { code: 'project_untrusted', path, directory, reason, files: [...files] }
}
