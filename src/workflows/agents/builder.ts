import { err, ok, type Result } from '#base/result.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import { confirmJob } from '../confirm-job.ts'
import { runJob } from '../job-step.ts'
import { buildTask, type PlannedTask } from '../task-steps.ts'
import { type BuiltItem, planned, stepName, type Turn, type TurnEnd } from './turn.ts'

/** The deterministic builder: runs the command of each task and job of the plan, in its order, up to the first failure. */
export async function build(turn: Turn): Promise<TurnEnd> {
  const unknown = unknownWork(turn)
  if (unknown.length > 0) return err({ code: 'work_not_buildable', agent: turn.node.id, names: [...unknown] })
  const { tasks, jobs } = planned(turn)
  if (tasks.length + jobs.length === 0) return err({ code: 'nothing_planned', known: [] })
  const order = turn.context.texts('plan.tasks')
  const built: Built = { outputs: [], items: [] }
  for (const name of order.length > 0 ? order : tasks.map((task) => task.name)) {
    const task = tasks.find((each) => each.name === name)
    const job = jobs.find((each) => each.name === name)
    const done = task !== undefined ? await buildOne(turn, task, built) : job && (await runOne(turn, job, built))
    if (done?.ok === false) return done
  }
  const { outputs, items } = built
  const names = [...tasks, ...jobs].map(({ name }) => name)
  return ok({
    writes: { 'build.outputs': outputs, ...(items.length > 0 && { 'build.items': items }) },
    message: `built ${names.join(', ')}`,
  })
}

interface Built {
  readonly outputs: string[]
  readonly items: BuiltItem[]
}

async function buildOne(turn: Turn, task: PlannedTask, { outputs, items }: Built): Promise<Result<void, Failure>> {
  const built = await buildTask(turn.ctx, task, stepName(turn, task.name))
  if (!built.ok) return built
  const { stdout, stderr } = built.value
  outputs.push(...built.value.outputs)
  items.push({ name: task.name, stdout: stdout.digest, stderr: stderr.digest })
  return ok()
}

async function runOne({ ctx }: Turn, job: PlannedJob, { items }: Built): Promise<Result<void, Failure>> {
  const refused = await confirmJob(ctx, job)
  if (refused !== undefined) return err(refused)
  const ran = await runJob(ctx, job, false)
  if (!ran.ok) return ran
  const { stdout, stderr } = ran.value
  items.push({ name: job.name, stdout: stdout.digest, stderr: stderr.digest })
  return ok()
}

/** New work of the plan, which is no task and no job. */
function unknownWork({ context, known }: Turn): readonly string[] {
  return context.texts('plan.tasks').filter((name) => !known.tasks.has(name) && !known.jobs.has(name))
}
