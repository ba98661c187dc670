import { parseDuration } from '#base/duration.ts'
import type { Result } from '#base/result.ts'
import type { Job } from '#domain/definition/job.ts'
import { type PlannedJob, paramVariables } from '#domain/definition/planned-job.ts'
import type { Retry } from '#domain/definition/retry.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { RetryPolicy, WorkflowContext } from '#engine/workflow.ts'
import { type CommandInput, command, type FileRules } from './command.ts'

/** Runs the command of a job as a step that has the job's name. */
export async function runJob(
  ctx: WorkflowContext,
  planned: PlannedJob,
  force: boolean,
): Promise<Result<CommandReport, Failure>> {
  const { name, job: definition } = planned
  const limit = definition.timeout_seconds ?? 0
  return await ctx.run(command, commandInput(planned, force), {
    name,
    idempotent: definition.idempotent ?? false,
    ...(limit > 0 && { timeoutMs: limit * 1000 }),
    ...(definition.retry !== undefined && { retry: retryPolicy(definition.retry, ctx.random()) }),
  })
}

/** What the command's activity has to know of a job. */
export function commandInput({ job: definition, directory, argv, params }: PlannedJob, force: boolean): CommandInput {
  const { env, allow_exit, env_file, secrets, pty } = definition
  const files = fileRules(definition, force)
  return {
    argv,
    directory,
    env: { ...paramVariables(params), ...env },
    ...(allow_exit !== undefined && { allow_exit }),
    ...(env_file !== undefined && { env_files: typeof env_file === 'string' ? [env_file] : env_file }),
    ...(secrets !== undefined && { secrets }),
    ...(pty === true && { pty }),
    ...(files !== undefined && { files }),
  }
}

/** Undefined where the job names no files. */
function fileRules({ inputs, outputs, artifacts, cache }: Job, force: boolean): FileRules | undefined {
  if (inputs === undefined && outputs === undefined && artifacts === undefined) return undefined
  return {
    ...(inputs !== undefined && { inputs }),
    ...(outputs !== undefined && { outputs }),
    ...(artifacts !== undefined && { artifacts }),
    ...(cache !== undefined && { cache }),
    ...(force && { force }),
  }
}

/** When a failed step is tried again, by the keys of the configuration. */
export function retryPolicy(retry: Retry, spread: number): RetryPolicy {
  const { attempts, exit_codes } = retry
  const backoffMs = milliseconds(retry.backoff ?? '1s')
  const backoffMaxMs = milliseconds(retry.backoff_max ?? '1m')
  return { attempts, backoffMs, backoffMaxMs, spread, ...(exit_codes !== undefined && { exitCodes: exit_codes }) }
}

/** The schema has let only durations through. */
export function milliseconds(text: string): number {
  const parsed = parseDuration(text)
  return parsed.ok ? parsed.value : 0
}
