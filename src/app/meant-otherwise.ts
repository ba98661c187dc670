import type { Config } from '#domain/definition/config.ts'
import type { Failure } from '#domain/failure.ts'

/** The failure, with what else is called so, where the name of a task or an orchestration was said for that of a job. */
export function meantOtherwise(failure: Failure, { orchestrations = {}, tasks = {} }: Config): Failure {
  if (failure.code !== 'unknown_job' || failure.needed_by !== undefined) return failure
  if (Object.hasOwn(orchestrations, failure.job)) return { ...failure, is: 'orchestration' }
  return Object.hasOwn(tasks, failure.job) ? { ...failure, is: 'task' } : failure
}
