import { isAbsolute, resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { LoadedConfig, UntrustedProject } from './config-port.ts'

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
export async function requireTrust(
  { config, untrusted }: LoadedConfig,
  jobs: readonly string[],
): Promise<Result<void, Failure>> {
  if (untrusted === undefined) return ok()
  const theirs = await untrusted.jobs()
  const job = jobs.find((name) => theirs?.includes(name) ?? !Object.hasOwn(config.jobs ?? {}, name))
  return job === undefined ? ok() : err(untrustedFailure(untrusted, job))
}

/** That a project file does not count, as a failure. */
export function untrustedFailure(
  { path, directory, reason, files }: Omit<UntrustedProject, 'jobs'>,
  job?: string,
): Failure {
  return {
    code: 'project_untrusted',
    path,
    directory,
    reason,
    files: [...files],
    ...(job !== undefined && { job }),
  }
}
