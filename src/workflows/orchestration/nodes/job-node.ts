import { err, ok, type Result } from '#base/result.ts'
import { paramFault } from '#domain/definition/param.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { TurnEnd } from '../../agents/turn.ts'
import { confirmJob } from '../../confirm-job.ts'
import { runJob } from '../../job-step.ts'

type RanJob = Result<CommandReport, Failure>

/** The jobs of a run, and which of them ran for others that need them. */
export interface Jobs {
  readonly known: ReadonlyMap<string, PlannedJob>
  readonly ran: Map<string, Promise<RanJob>>
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** Runs a job as `run` does: after all that it needs, which runs once however many nodes need it, and after its question. */
export async function runJobNode(ctx: WorkflowContext, planned: PlannedJob, jobs: Jobs): Promise<TurnEnd> {
  const fault = paramProblem(planned)
  if (fault !== undefined) return err(fault)
  const ran = await runAfterNeeds(ctx, planned, jobs)
  return ran.ok ? ok({ writes: {}, message: `${planned.name}: exit ${ran.value.exit}` }) : ran
}

async function runAfterNeeds(ctx: WorkflowContext, planned: PlannedJob, jobs: Jobs): Promise<RanJob> {
  const needed = (planned.job.needs ?? []).map((need) => runOnce(ctx, need, jobs))
  for (const ran of await Promise.all(needed)) if (!ran.ok) return ran
  const refused = await confirmJob(ctx, planned)
  if (refused !== undefined) return err(refused)
  return await jobs.inTurn(() => runJob(ctx, planned, false))
}

async function runOnce(ctx: WorkflowContext, name: string, jobs: Jobs): Promise<RanJob> {
  const before = jobs.ran.get(name)
  if (before !== undefined) {
    const ran = await before
    // It was ended for the sake of another node, whose time was up.
    return ran.ok || ran.error.code !== 'cancelled' ? ran : await runOnce(ctx, name, jobs)
  }
  const planned = jobs.known.get(name)
  if (planned === undefined) return err({ code: 'unknown_job', job: name, known: [] })
  const running = runAfterNeeds(ctx, planned, jobs)
  jobs.ran.set(name, running)
  const ran = await running
  // What failed may be tried again by whoever needs it next.
  if (!ran.ok && jobs.ran.get(name) === running) jobs.ran.delete(name)
  return ran
}

/** What a parameter was given in the run is held to what its job says, too. */
function paramProblem({ name: job, job: { params = {} }, params: given = {} }: PlannedJob): Failure | undefined {
  for (const [param, definition] of Object.entries(params)) {
    const value = given[param]
    const fault = value === undefined ? undefined : paramFault(definition, value)
    if (fault === undefined || value === undefined) continue
    return { code: 'params_invalid', problems: [{ job, param, problem: fault.kind, value }] }
  }
  return undefined
}
