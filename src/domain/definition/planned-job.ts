import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { FailureOf } from '#domain/failure.ts'
import type { Job, Shell } from './job.ts'
import { type ParamFault, paramFault } from './param.ts'
import { fillIn } from './placeholders.ts'
import { POSIX_SHELLS, shellArgv, usualShell } from './shell.ts'

/** A job as a run pins it: from here on it depends on no file. */
export type PlannedJob = {
  readonly name: string
  /** As configured, with its parameters filled in. */
  readonly job: Job
  /** Absolute: where the command runs. */
  readonly directory: string
  /** What is started. */
  readonly argv: readonly [string, ...string[]]
  /** The values of its parameters, given or by default. */
  readonly params?: Readonly<Record<string, string>>
  /** The run in which it succeeded already, so that it does not run again. */
  readonly reused?: string
}

/** What whoever asks for a run says about its jobs. */
export interface JobRequest {
  /** Given values of parameters, for every job of the run that declares one of that name. */
  readonly params: Readonly<Record<string, string>>
  /** Further arguments of this job's command. */
  readonly args: readonly string[]
  readonly platform: string
  /** Makes the job's directory absolute. */
  readonly resolve: (directory: string) => string
}

export type ParamProblem = FailureOf<'params_invalid'>['problems'][number]

/** The job with all that is asked filled in, or everything that is wrong with what was asked. */
export function planJob(name: string, job: Job, request: JobRequest): Result<PlannedJob, readonly ParamProblem[]> {
  const { values, problems } = valuesOf(name, job, request.params)
  const filled = fillIn(job, values)
  const argv = argvOf(filled, request)
  if (argv === undefined)
    return err([
      ...problems,
      { job: name, param: '--', problem: takesArguments(filled, request) ? 'no_place' : 'no_arguments' },
    ])
  if (problems.length > 0) return err(problems)
  const directory = request.resolve(filled.working_dir ?? '.')
  return ok({ name, job: filled, directory, argv, ...(job.params !== undefined && { params: values }) })
}

/** The variables that tell a command the values of its job's parameters: `PARAM_NAME`. */
export function paramVariables(params: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [paramVariable(name), value]))
}

export function paramVariable(name: string): string {
  return `PARAM_${name.replaceAll('-', '_').toUpperCase()}`
}

interface Values {
  readonly values: Readonly<Record<string, string>>
  readonly problems: readonly ParamProblem[]
}

function valuesOf(job: string, { params = {} }: Job, given: JobRequest['params']): Values {
  const values: Record<string, string> = {}
  const problems: ParamProblem[] = []
  for (const [param, definition] of Object.entries(params)) {
    const value = Object.hasOwn(given, param) ? given[param] : definition.default?.toString()
    const fault = value === undefined ? { kind: 'missing' as const } : paramFault(definition, value)
    if (value !== undefined) values[param] = value
    if (fault === undefined) continue
    problems.push({
      job,
      param,
      problem: fault.kind,
      ...(value !== undefined && { value, ...expectedOf(fault, value) }),
    })
  }
  return { values, problems }
}

function expectedOf(
  fault: ParamFault | { readonly kind: 'missing' },
  value: string,
): { readonly expected?: string; readonly nearest?: string } {
  if (fault.kind === 'type') return { expected: fault.expected }
  if (fault.kind === 'pattern') return { expected: fault.pattern }
  if (fault.kind !== 'enum') return {}
  const meant = nearest(value, fault.choices)
  return { expected: fault.choices.join(', '), ...(meant !== undefined && { nearest: meant }) }
}

function shellOf(shell: Shell | boolean, platform: string): Shell {
  return typeof shell === 'boolean' ? usualShell(platform) : shell
}

/** Whether its shell takes further arguments at all; its text may have no place for them nevertheless. */
function takesArguments({ shell = false }: Job, { platform }: JobRequest): boolean {
  return POSIX_SHELLS.has(shellOf(shell, platform))
}

function argvOf(job: Job, { args, platform }: JobRequest): readonly [string, ...string[]] | undefined {
  const { command, shell = false } = job
  if (typeof command === 'string') return shellArgv(shellOf(shell, platform), command, args)
  const [program = '', ...own] = command
  return [program, ...own, ...args]
}

/** Given values that no job of the run has a parameter for. */
export function strayParams(jobs: readonly { readonly job: Job }[], given: readonly string[]): readonly string[] {
  return given.filter((name) => !jobs.some(({ job }) => job.params !== undefined && Object.hasOwn(job.params, name)))
}
