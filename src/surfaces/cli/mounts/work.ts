import type { Attended } from '#app/attended.ts'
import { describeFailure } from '#app/failure-text.ts'
import type { Worked } from '#app/operations/work.ts'
import type { Progress } from '#app/progress.ts'
import { onOneLine } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import { eventLine } from '../event-line.ts'
import { EXIT_WAITING, exitCodeOfRun } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `work`: a line for each run as it comes to rest; on a terminal also what it does, and which runs it takes. */
export const work = mount<Worked>(({ io, json, options }) => {
  const isLive = io.isLive && !json
  const sayTaken = taken(io)
  if (isLive && options['once'] !== true && options['run'] === undefined) {
    io.note('serving runs; Ctrl-C ends it once they rest\n')
  }
  return {
    report: (progress) => {
      if (progress.kind === 'event' && isLive) sayTaken(progress)
      if (progress.kind === 'event' && progress.isNews && io.loudness === 'verbose') {
        io.note(`${eventLine(progress.event)}\n`)
      }
      if (progress.kind === 'failed') showRefused(io, progress, json)
      if (progress.kind === 'rested') showRested(io, progress.attended, json)
    },
    answer: ({ only, failed, waiting }) => {
      if (only !== null) return exitCodeOfRun(only)
      if (failed > 0) return 1
      return waiting > 0 ? EXIT_WAITING : 0
    },
  }
})

/** Says that a run begins or goes on here. Its name stands in its first event only. */
function taken(io: Io): (progress: Extract<Progress, { readonly kind: 'event' }>) => void {
  const names = new Map<RunId, string>()
  return ({ event, isNews }) => {
    if (event.type === 'run.queued') names.set(event.runId, event.body.name)
    else if (isNews && (event.type === 'run.started' || event.type === 'run.resumed')) {
      io.note(`${onOneLine(names.get(event.runId) ?? '')} · goes on · ${event.runId}\n`)
      names.delete(event.runId)
    }
  }
}

function showRested(io: Io, attended: Attended, json: boolean): void {
  const { run, failure } = attended
  if (json) printJson(io, 'work', { run: run.id, status: run.status, failure: failure ?? null })
  else {
    io.out(`run=${run.id} status=${run.status}\n`)
    if (!isEnded(run.status)) sayWhereItStands(io, attended)
  }
}

function showRefused(io: Io, refused: { readonly runId: RunId; readonly failure: Failure }, json: boolean): void {
  const { runId, failure } = refused
  if (json) {
    printJson(io, 'work', { run: runId, status: null, failure })
    return
  }
  const { headline, todo } = describeFailure(failure)
  io.alert.note(`run=${runId}: ${headline}\n${todo.map((line) => `  ${line}\n`).join('')}`)
}
