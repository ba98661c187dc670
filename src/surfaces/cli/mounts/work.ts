import { describeFailure } from '#app/failure-text.ts'
import type { Worked } from '#app/operations/work.ts'
import { isEnded } from '#domain/run/run.ts'
import { EXIT_WAITING, exitCodeOf } from '../exit-code.ts'
import { mount, printJson } from '../mount.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `work`: a line for each run that came to rest. */
export const work = mount<Worked>(({ io, json }) => ({
  report: (progress) => {
    if (progress.kind !== 'failed' || json) return
    const { headline, todo } = describeFailure(progress.failure)
    io.note(`run=${progress.runId}: ${headline}\n${todo.map((line) => `  ${line}\n`).join('')}`)
  },
  answer: ({ runs }) => {
    if (json)
      printJson(io, 'work', {
        runs: runs.map(({ run, failure }) => ({ run: run.id, status: run.status, cause: failure ?? null })),
      })
    else {
      for (const attended of runs) {
        io.out(`run=${attended.run.id} status=${attended.run.status}\n`)
        if (!isEnded(attended.run.status)) sayWhereItStands(io, attended)
      }
    }
    const failed = runs.find(({ failure }) => failure !== undefined)
    if (failed?.failure !== undefined) return runs.length === 1 ? exitCodeOf(failed.failure) : 1
    return runs.some(({ run }) => !isEnded(run.status)) ? EXIT_WAITING : 0
  },
}))
