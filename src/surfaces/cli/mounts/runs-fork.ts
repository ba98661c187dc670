import type { ForkedRun } from '#app/operations/fork-run.ts'
import { onlyAnswer } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { orchestrationAnswer } from '../orchestration-answer.ts'
import { OrchestrationView } from '../orchestration-view.ts'

/** `runs fork`: as `orchestration run`, with where the work is done. */
export const runsFork = mount<ForkedRun>(({ io, json, services }) => {
  const view = new OrchestrationView(json ? onlyAnswer(io) : io, services.files)
  return {
    report: view.report,
    stopping: (times) => view.stopping(times),
    end: () => view.end(),
    answer: (forked) => {
      const { runId: run, from, workspaces } = forked
      const { exit, tell, fields } = orchestrationAnswer(forked, view)
      if (json) printJson(io, 'runs fork', { run, from, workspaces, ...fields })
      else tell(io)
      return exit
    },
  }
})
