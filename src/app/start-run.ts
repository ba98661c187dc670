import { err, ok, type Result } from '#base/result.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import type { EventBodies } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { inFlight } from '#engine/recovery.ts'
import type { Borrowing } from '#engine/worker.ts'
import type { JobRunInput } from '#workflows/job.ts'
import { attend } from './attend.ts'
import type { Attended } from './attended.ts'
import { keepSecretsOut } from './keep-secrets-out.ts'
import type { Call } from './operation.ts'
import type { Executing } from './services.ts'

/** A run as its first event has it. */
export type QueuedRun = EventBodies['run.queued']

export interface StartedRun {
  readonly runId: string
  readonly requested: readonly string[]
  /** Undefined where the run goes on in the background. */
  readonly attended?: Attended
}

export interface RunStart {
  readonly detach?: boolean | undefined
  /** Its steps that run commands, as far as they are known; without it, its jobs. */
  readonly steps?: readonly string[]
  /** Its id, where that was needed before. */
  readonly runId?: RunId
  /** What it takes over from the run that it goes on from. */
  readonly borrowed?: readonly Borrowing[]
}

/** How many interrupted runs are named; `status` has them all. */
const NAMED_RUNS = 3

/** Begins a run and stays with it, or leaves it to a process in the background. */
export async function startRun(
  call: Call,
  queued: QueuedRun,
  { detach = false, steps, runId = call.services.newRunId(), borrowed = [] }: RunStart,
): Promise<Result<StartedRun, Failure>> {
  const safe = await keepSecretsOut(jobsOf(queued), call.services)
  if (!safe.ok) return safe
  const executing = await call.services.executing()
  if (!executing.ok) return executing
  return detach
    ? await leave(executing.value, call, { runId, queued, borrowed })
    : await stay(executing.value, call, {
        ...{ runId, queued, borrowed },
        steps: steps ?? jobsOf(queued).map(({ name }) => name),
      })
}

interface Starting {
  readonly runId: RunId
  readonly queued: QueuedRun
  readonly borrowed: readonly Borrowing[]
}

async function stay(
  executing: Executing,
  call: Call,
  { runId, queued, borrowed, steps: jobs }: Starting & { readonly steps: readonly string[] },
): Promise<Result<StartedRun, Failure>> {
  const requested = requestedOf(queued)
  const cleared = await endLeftovers(executing, call, jobs)
  if (!cleared.ok) return cleared
  call.report({ kind: 'begun', runId, name: queued.name, jobs })
  const start = async () => await executing.worker.begin(runId, queued, borrowed)
  const attended = await attend(executing, call, { runId, isNew: true, start })
  return attended.ok ? ok({ requested, runId, attended: attended.value }) : attended
}

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

async function leave(
  executing: Executing,
  call: Call,
  { runId, queued, borrowed }: Starting,
): Promise<Result<StartedRun, Failure>> {
  const requested = requestedOf(queued)
  const { services } = call
  const appended = await executing.journal.append({
    runId,
    take: 'create',
    epoch: 0,
    actor: actorOf(services.principal),
    seenRunSeq: 0,
    events: [{ type: 'run.queued', body: queued }, ...borrowed],
  })
  if (!appended.ok) return appended
  const launched = await services.launch(['work', '--run', runId])
  return launched.ok ? ok({ requested, runId }) : err(launched.error)
}

/** The jobs that may run in it; none in a run of something else. */
function jobsOf({ input }: QueuedRun): readonly PlannedJob[] {
  // Every workflow of ours that runs jobs has them under this name.
  const { jobs = [] } = input as unknown as { readonly jobs?: readonly PlannedJob[] }
  return jobs
}

/** What was asked for by name. */
function requestedOf({ workflow, name, input }: QueuedRun): readonly string[] {
  return workflow === 'job' ? (input as unknown as JobRunInput).requested : [name]
}
