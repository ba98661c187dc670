import type { JobsPlanned, JobsRun } from '#app/operations/run-jobs.ts'
import type { Io } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { startedRunView } from '../started-run.ts'

/** `run`: the run as it goes, or what it would be. */
export const run = mount<JobsRun | JobsPlanned>((context) => {
  const view = startedRunView(context)
  const answer = async (answered: JobsRun | JobsPlanned) =>
    answered.kind === 'plan' ? await showPlan(context.io, answered, context.json) : await view.answer(answered)
  return { ...view, answer }
})

async function showPlan(io: Io, { plan }: JobsPlanned, json: boolean): Promise<number> {
  const { planDocument, planText } = await import('../plan-view.ts')
  if (json) printJson(io, 'plan', planDocument(plan))
  else io.out(planText(plan, io))
  return 0
}
