import type { Attended } from '#app/attended.ts'
import { AnyRunView } from '../any-run-view.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import { onlyAnswer } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { jobSummaries, runDocument } from '../run-document.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `runs resume`: the run as it goes on, and where it stands then. */
export const runsResume = mount<Attended>(({ io, json, services }) => {
  const view = new AnyRunView(json ? onlyAnswer(io) : io, services.files)
  return {
    report: view.report,
    stopping: (times) => view.stopping(times),
    end: () => view.end(),
    answer: async (attended) => {
      await view.sayFailures()
      const { states } = view
      // A run has one shape of document, whichever command went on with it.
      if (json) printJson(io, 'run', runDocument(attended, jobSummaries(states.requested, states, attended)))
      else {
        sayWhereItStands(io, attended)
        io.out(`run=${attended.run.id} status=${attended.run.status}\n`)
      }
      return exitCodeOfRun(attended)
    },
  }
})
