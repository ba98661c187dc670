import type { JobsPlanned, JobsRun } from '#app/operations/run-jobs.ts'
import { isEnded } from '#domain/run/run.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import { type Io, onlyAnswer } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { jobSummaries, queuedDocument, runDocument } from '../run-document.ts'
import { runView } from '../run-view.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `run`: the jobs as they go on standard error, the ancestor's summary line a job on standard output. */
export const run = mount<JobsRun | JobsPlanned>(({ io, json, services }) => {
  const view = runView(json ? onlyAnswer(io) : io, services.files)
  return {
    report: view.report,
    stopping: (times) => view.stopping(times),
    end: () => view.end(),
    answer: async (answered) => {
      if (answered.kind === 'plan') return await showPlan(io, answered, json)
      const { requested, attended, runId } = answered
      await view.sayFailures()
      if (attended === undefined) {
        if (json) printJson(io, 'run', queuedDocument(runId, requested))
        else io.out(`run=${runId}\n`)
        return 0
      }
      const jobs = jobSummaries(requested, view.states, attended)
      if (json) printJson(io, 'run', runDocument(attended, jobs))
      else {
        sayWhereItStands(io, attended)
        const isOver = isEnded(attended.run.status)
        for (const { job, exit, duration_ms } of isOver ? jobs : []) {
          io.out(`job=${job} exit=${exit} duration_ms=${duration_ms}\n`)
        }
      }
      return exitCodeOfRun(attended)
    },
  }
})

async function showPlan(io: Io, { plan }: JobsPlanned, json: boolean): Promise<number> {
  const { planDocument, planText } = await import('../plan-view.ts')
  if (json) printJson(io, 'plan', planDocument(plan))
  else io.out(planText(plan, io))
  return 0
}
