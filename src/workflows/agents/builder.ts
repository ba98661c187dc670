import { err, ok } from '#base/result.ts'
import { runJob } from '../job-step.ts'
import { buildTask } from '../task-steps.ts'
import { type BuiltItem, planned, stepName, type Turn, type TurnEnd } from './turn.ts'

/** The deterministic builder: runs the command of each task and job of the plan, in its order, up to the first failure. */
export async function build(turn: Turn): Promise<TurnEnd> {
  const { tasks, jobs } = planned(turn)
  if (tasks.length + jobs.length === 0) return err({ code: 'nothing_planned', known: [] })
  const order = turn.context.texts('plan.tasks')
  const outputs: string[] = []
  const items: BuiltItem[] = []
  for (const name of order.length > 0 ? order : tasks.map((task) => task.name)) {
    const task = tasks.find((each) => each.name === name)
    const job = jobs.find((each) => each.name === name)
    if (task !== undefined) {
      const built = await buildTask(turn.ctx, task, stepName(turn, name))
      if (!built.ok) return built
      outputs.push(...built.value.outputs)
      const { stdout, stderr } = built.value
      items.push({ name, stdout: stdout.digest, stderr: stderr.digest })
    } else if (job !== undefined) {
      const ran = await runJob(turn.ctx, job, false)
      if (!ran.ok) return ran
    }
  }
  const names = [...tasks, ...jobs].map(({ name }) => name)
  return ok({
    writes: { 'build.outputs': outputs, ...(items.length > 0 && { 'build.items': items }) },
    message: `built ${names.join(', ')}`,
  })
}
