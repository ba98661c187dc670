import type { StartedRun } from '#app/start-run.ts'
import { onlyAnswer } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { orchestrationAnswer } from '../orchestration-answer.ts'
import { OrchestrationView } from '../orchestration-view.ts'

/** `orchestration run`: its nodes as they go, and the ancestor's summary line. */
export const orchestrationRun = mount<StartedRun>(({ io, json, services }) => {
  const view = new OrchestrationView(json ? onlyAnswer(io) : io, services.files)
  return {
    report: view.report,
    stopping: (times) => view.stopping(times),
    end: () => view.end(),
    answer: (started) => {
      const { runId: run, requested } = started
      const { exit, tell, fields } = orchestrationAnswer(started, view)
      if (json) printJson(io, 'orchestration run', { run, orchestration: requested[0] ?? '', ...fields })
      else tell(io)
      return exit
    },
  }
})
