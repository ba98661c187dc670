import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import type { EventBodies } from '#domain/run/event.ts'
import { inFlight } from '#engine/recovery.ts'
import type { JobRunInput } from '#workflows/job.ts'
import { attend } from '../attend.ts'
import type { Attended } from '../attended.ts'
import type { LoadedConfig } from '../config-port.ts'
import type { Call, Operation } from '../operation.ts'
import { planRun, queuedBody, type RunRequest } from '../plan-run.ts'
import { findPlan, keepPlan, matchPlan, type RunPlan } from '../run-plan.ts'
import type { Executing, Services } from '../services.ts'

const Input = z.object({
  job: z.optional(z.array(z.string())),
  jobs: z.optional(z.coerce.number<string>()),
  detach: z.optional(z.boolean()),
  keep_going: z.optional(z.boolean()),
  param: z.optional(z.array(z.string())),
  rest: z.optional(z.array(z.string())),
  dry_run: z.optional(z.boolean()),
  /** True makes a plan; a digest runs only what that plan says. */
  plan: z.optional(z.union([z.literal(true), z.string()])),
})
type Input = z.infer<typeof Input>

export interface JobsRun {
  readonly kind: 'run'
  readonly requested: readonly string[]
  /** Undefined where the run goes on in the background. */
  readonly attended?: Attended
  readonly runId: string
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
    const planned = plannedRun(input, config.value, call.services)
    if (!planned.ok) return planned
    const { request, run } = planned.value
    if (input.plan === true || input.dry_run === true) {
      const plan = keepPlan(call.services.plans, request, run)
      return plan.ok ? ok({ kind: 'plan', plan: plan.value }) : plan
    }
    const executing = await call.services.executing()
    if (!executing.ok) return executing
    const begin = { queued: queuedBody(run, config.value), requested: run.requested }
    return input.detach === true ? await detach(executing.value, call, begin) : await stay(executing.value, call, begin)
  },
}

interface Planned {
  readonly request: RunRequest
  readonly run: JobRunInput
}

function plannedRun(input: Input, config: LoadedConfig, services: Services): Result<Planned, Failure> {
  const kept = typeof input.plan === 'string' ? findPlan(services.plans, input.plan) : undefined
  if (kept?.ok === false) return kept
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
  const run = planRun(config, { ...request, parallel: input.jobs }, services)
  if (!run.ok) return run
  const matched = kept === undefined ? ok() : matchPlan(kept.value.input, run.value)
  return matched.ok ? ok({ request, run: run.value }) : matched
}

function requestOf({ job: requested, param, rest, keep_going }: Input): RunRequest | undefined {
  if (requested === undefined || requested.length === 0) return undefined
  return {
    requested,
    ...(param !== undefined && { params: param }),
    ...(rest !== undefined && { args: rest }),
    ...(keep_going === true && { keepGoing: true }),
  }
}

interface Begin {
  readonly queued: EventBodies['run.queued']
  readonly requested: readonly string[]
}

async function stay(executing: Executing, call: Call, { queued, requested }: Begin): Promise<Result<JobsRun, Failure>> {
  const runId = call.services.newRunId()
  const jobs = (queued.input as JobRunInput).jobs.map(({ name }) => name)
  const cleared = await endLeftovers(executing, call, jobs)
  if (!cleared.ok) return cleared
  call.report({ kind: 'begun', runId, name: queued.name, jobs })
  const start = async () => await executing.worker.begin(runId, queued)
  const attended = await attend(executing, call, { runId, isNew: true, start })
  return attended.ok ? ok({ kind: 'run', requested, runId, attended: attended.value }) : attended
}

/** How many interrupted runs are named; `status` has them all. */
const NAMED_RUNS = 3

/**
 * Says which runs are interrupted. What one of them left running of the same jobs would get in the way of this run, so
 * that is ended first.
 */
async function endLeftovers(executing: Executing, call: Call, jobs: readonly string[]): Promise<Result<void, Failure>> {
  const interrupted = await executing.reader.interruptedRuns()
  if (!interrupted.ok) return interrupted
  for (const run of interrupted.value) {
    // Somebody may have resumed it in the meantime, and then what runs is not left over.
    const history = await executing.journal.history(run.id)
    if (!history.ok || history.value.owned) continue
    if (!inFlight(history.value.events).some(({ body }) => jobs.includes(body.name))) continue
    const ended = await executing.worker.endLeftovers(run.id, history.value.events)
    if (ended > 0) call.report({ kind: 'note', text: `ended what the interrupted run ${run.id} had left running` })
  }
  for (const run of interrupted.value.slice(0, NAMED_RUNS)) {
    call.report({ kind: 'note', text: `${run.name} is interrupted; go on: orchastration runs resume ${run.id}` })
  }
  const more = interrupted.value.length - NAMED_RUNS
  if (more > 0) call.report({ kind: 'note', text: `${more} more are interrupted: orchastration status` })
  return ok()
}

async function detach(
  executing: Executing,
  call: Call,
  { queued, requested }: Begin,
): Promise<Result<JobsRun, Failure>> {
  const { services } = call
  const runId = services.newRunId()
  const appended = await executing.journal.append({
    runId,
    take: 'create',
    epoch: 0,
    actor: actorOf(services.principal),
    seenRunSeq: 0,
    events: [{ type: 'run.queued', body: queued }],
  })
  if (!appended.ok) return appended
  const launched = await services.launch(['work', '--run', runId])
  return launched.ok ? ok({ kind: 'run', requested, runId }) : err(launched.error)
}
