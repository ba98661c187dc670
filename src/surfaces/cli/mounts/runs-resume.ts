import type { Attended } from '#app/attended.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'
import { runView } from '../run-view.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `runs resume`: the run as it goes on, and where it stands then. */
export const runsResume = mount<Attended>(({ io, json, services }) => {
  const view = runView(
    json ? { ...io, isLive: false, note: () => undefined, bytes: () => undefined } : io,
    services.files,
  )
  return {
    report: view.report,
    end: () => view.end(),
    answer: (attended) => {
      const { run, questions, failure } = attended
      const exit = exitCodeOfRun(attended)
      if (json)
        printJson(io, 'run', {
          run: run.id,
          status: run.status,
          exit,
          questions: questions.map(snakeKeys),
          cause: failure ?? null,
        })
      else {
        sayWhereItStands(io, attended)
        io.out(`run=${run.id} status=${run.status}\n`)
      }
      return exit
    },
  }
})
