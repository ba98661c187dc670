import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { JobRunInput } from '#workflows/job.ts'
import type { LoadedConfig } from '../config-port.ts'
import { keepSecretsOut } from '../keep-secrets-out.ts'
import { meantOtherwise } from '../meant-otherwise.ts'
import type { Operation } from '../operation.ts'
import { planRun, queuedBody, type RunRequest } from '../plan-run.ts'
import { requireTrust } from '../project-jobs.ts'
import { findPlan, keepPlan, matchPlan, type RunPlan } from '../run-plan.ts'
import type { Services } from '../services.ts'
import { type StartedRun, startRun } from '../start-run.ts'

const Input = z.object({
  job: z.optional(z.array(z.string())),
  jobs: z.optional(z.coerce.number<string>()),
  detach: z.optional(z.boolean()),
  keep_going: z.optional(z.boolean()),
  force: z.optional(z.boolean()),
  param: z.optional(z.array(z.string())),
  rest: z.optional(z.array(z.string())),
  dry_run: z.optional(z.boolean()),
  /** True makes a plan; a digest runs only what that plan says. */
  plan: z.optional(z.union([z.literal(true), z.string()])),
})
type Input = z.infer<typeof Input>

export interface JobsRun extends StartedRun {
  readonly kind: 'run'
}

/** What would run; nothing did. */
export interface JobsPlanned {
  readonly kind: 'plan'
  readonly plan: RunPlan
}

/** Runs jobs and all they need, as one durable run, or says what that would be. */
export const runJobs: Operation<Input, JobsRun | JobsPlanned> = {
  name: 'run',
  effect: 'write',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const config = await call.services.config()
    if (!config.ok) return config
    const planned = await plannedRun(input, config.value, call.services)
    if (!planned.ok) return planned
    const { request, run } = planned.value
    if (input.plan === true || input.dry_run === true) {
      const safe = await keepSecretsOut(run.jobs, call.services)
      if (!safe.ok) return safe
      const plan = keepPlan(call.services.plans, request, run)
      return plan.ok ? ok({ kind: 'plan', plan: plan.value }) : plan
    }
    const started = await startRun(call, queuedBody(run, config.value), { detach: input.detach })
    return started.ok ? ok({ kind: 'run', ...started.value }) : started
  },
}

interface Planned {
  readonly request: RunRequest
  readonly run: JobRunInput
}

async function plannedRun(input: Input, config: LoadedConfig, services: Services): Promise<Result<Planned, Failure>> {
  const known = Object.keys(config.config.jobs ?? {})
  const kept = typeof input.plan === 'string' ? findPlan(services.plans, input.plan, known) : undefined
  if (kept?.ok === false) return kept
  const misuse = kept === undefined ? undefined : misuseOfPlan(input)
  if (misuse !== undefined) return err(misuse)
  const request = requestOf(input) ?? kept?.value.request
  if (request === undefined) {
    return err({
      code: 'usage',
      problem: 'missing_argument',
      word: 'job',
      command: 'run',
      expected: 'a job of the configuration',
    })
  }
  const trusted = await requireTrust(config, request.requested)
  if (!trusted.ok) return trusted
  const run = planRun(config, { ...request, parallel: input.jobs }, services)
  if (!run.ok) return err(meantOtherwise(run.error, config.config))
  const matched = kept === undefined ? ok() : matchPlan(kept.value.input, run.value)
  return matched.ok ? ok({ request, run: run.value }) : matched
}

/** What is said without jobs would change none of the plan's, so it is refused rather than passed over. */
function misuseOfPlan(input: Input): Failure | undefined {
  if (input.job !== undefined && input.job.length > 0) return undefined
  const given = GIVEN.find(([name]) => isGiven(input[name]))
  if (given === undefined) return undefined
  const [, word] = given
  const expected = 'nothing beside --plan DIGEST, or a plan with it (orchastration run <job> … --plan)'
  return { code: 'usage', problem: 'bad_value', word, command: 'run', expected }
}

function isGiven(value: boolean | readonly string[] | undefined): boolean {
  return typeof value === 'object' ? value.length > 0 : value === true
}

const GIVEN = [
  ['param', '--param'],
  ['rest', '--'],
  ['keep_going', '--keep-going'],
  ['force', '--force'],
] as const

function requestOf({ job: requested, param, rest, keep_going, force }: Input): RunRequest | undefined {
  if (requested === undefined || requested.length === 0) return undefined
  return {
    requested,
    ...(param !== undefined && { params: param }),
    ...(rest !== undefined && { args: rest }),
    ...(keep_going === true && { keepGoing: true }),
    ...(force === true && { force: true }),
  }
}
