import type { OpenRun, Status } from '#app/operations/show-status.ts'
import { printable } from '#base/text.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { Io } from '../io.ts'
import { deepSnakeKeys, mount, printJson } from '../mount.ts'

/** `status`: the ancestor's line for each job, then what is open and what to do about it. */
export const status = mount<Status>(({ io, json }) => ({
  answer: ({ jobs, open, questions }) => {
    if (json) {
      printJson(io, 'status', {
        jobs: deepSnakeKeys(jobs),
        open: deepSnakeKeys(open),
        questions: deepSnakeKeys(questions),
      })
      return 0
    }
    if (jobs.length === 0) io.out('no jobs configured\n')
    for (const { name, last } of jobs) {
      if (last === undefined) io.out(`${name} - no runs recorded\n`)
      else {
        const duration = last.endedAt - last.startedAt
        io.out(`${name} - exit=${last.exit} duration_ms=${duration} start=${wholeSeconds(last.startedAt)}\n`)
      }
    }
    for (const run of open) showOpen(io, run)
    for (const { number, asker, text, choices } of questions) {
      io.note(
        `?  ${number}  ${printable(asker)} asks: ${printable(text)}\n     orchastration answer ${number} ${choices.join(' | ')}\n`,
      )
    }
    return 0
  },
}))

function showOpen(io: Io, open: OpenRun): void {
  const { run } = open
  const name = printable(run.name)
  if (run.interrupted) {
    io.note(`${name} - interrupted after step ${open.stepsEnded} of ${open.stepsPlanned}${flight(open)}\n`)
    showWaysOn(io, open)
  } else if (run.status === 'paused') {
    io.note(`${name} - paused${flight(open)}\n`)
    showWaysOn(io, open)
  } else if (run.status === 'running') io.note(`${name} - running: orchastration runs logs -f ${run.id}\n`)
  else io.note(`${name} - ${run.status}${readiness(open)}\n`)
}

/** A due run that nobody serves shows the command that does. */
function readiness({ run, isDue }: OpenRun): string {
  if (isDue) return `, due: orchastration work --run ${run.id}`
  return run.readyAt === null ? '' : ` until ${wholeSeconds(run.readyAt)}`
}

function showWaysOn(io: Io, { run, leftovers }: OpenRun): void {
  for (const { pid, command } of leftovers) io.note(`          still running: ${pid} ${printable(command)}\n`)
  io.note(`          go on: orchastration runs resume ${run.id}\n`)
  io.note(`          start anew: orchastration run ${printable(run.name)}\n`)
}

function flight({ inFlight }: OpenRun): string {
  const [first, ...others] = inFlight
  if (first === undefined) return ''
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return ` (${printable(first.step)}${more} in flight, ${first.idempotent ? 'idempotent' : 'not idempotent'})`
}
