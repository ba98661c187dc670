import type { Attended } from '#app/attended.ts'
import { describeFailure } from '#app/failure-text.ts'
import type { Worked } from '#app/operations/work.ts'
import type { Failure } from '#domain/failure.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import { EXIT_WAITING, exitCodeOfRun } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `work`: a line for each run as it comes to rest. */
export const work = mount<Worked>(({ io, json }) => ({
  report: (progress) => {
    if (progress.kind === 'failed') showRefused(io, progress, json)
    if (progress.kind === 'rested') showRested(io, progress.attended, json)
  },
  answer: ({ only, failed, waiting }) => {
    if (only !== null) return exitCodeOfRun(only)
    if (failed > 0) return 1
    return waiting > 0 ? EXIT_WAITING : 0
  },
}))

function showRested(io: Io, attended: Attended, json: boolean): void {
  const { run, failure } = attended
  if (json) printJson(io, 'work', { run: run.id, status: run.status, cause: failure ?? null })
  else {
    io.out(`run=${run.id} status=${run.status}\n`)
    if (!isEnded(run.status)) sayWhereItStands(io, attended)
  }
}

function showRefused(io: Io, refused: { readonly runId: RunId; readonly failure: Failure }, json: boolean): void {
  const { runId, failure } = refused
  if (json) {
    printJson(io, 'work', { run: runId, status: null, cause: failure })
    return
  }
  const { headline, todo } = describeFailure(failure)
  io.note(`run=${runId}: ${headline}\n${todo.map((line) => `  ${line}\n`).join('')}`)
}
