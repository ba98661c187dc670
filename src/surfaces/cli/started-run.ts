import type { Progress } from '#app/progress.ts'
import type { StartedRun } from '#app/start-run.ts'
import { isEnded } from '#domain/run/run.ts'
import { exitCodeOfRun } from './exit-code.ts'
import { onlyAnswer } from './io.ts'
import { type MountContext, printJson } from './mount.ts'
import { jobSummaries, queuedDocument, runDocument } from './run-document.ts'
import { RunView } from './run-view.ts'
import { sayWhereItStands } from './where-it-stands.ts'

/** How a run looks that a command starts, whichever command that is. */
export interface StartedRunView {
  readonly report: (progress: Progress) => void
  readonly stopping: (times: number) => void
  readonly end: () => void
  readonly answer: (started: StartedRun) => Promise<number>
}

/** The jobs as they go on standard error, the ancestor's summary line a job on standard output. */
export function startedRunView({ io, json, services }: MountContext): StartedRunView {
  const view = new RunView(json ? onlyAnswer(io) : io, services.files)
  return {
    report: view.report,
    stopping: (times) => view.stopping(times),
    end: () => view.end(),
    answer: async ({ requested, attended, runId }) => {
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
}
