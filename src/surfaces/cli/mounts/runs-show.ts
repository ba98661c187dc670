import { describeFailure } from '#app/failure-text.ts'
import type { ShownRun } from '#app/operations/show-run.ts'
import { formatDuration } from '#base/duration.ts'
import { onOneLine } from '#base/text.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { Io } from '../io.ts'
import { jobLine, widthOf } from '../job-lines.ts'
import { JobStates } from '../job-states.ts'
import { mount, printJson, runFields, snakeKeys } from '../mount.ts'

/** `runs show`: how each job of a run stands. */
export const runsShow = mount<ShownRun>(({ io, json }) => ({
  answer: (shown) => {
    const { run, jobs, events, unreadable, questions } = shown
    if (json) {
      const rest = { jobs, events: events.map(snakeKeys), unreadable, questions: questions.map(snakeKeys) }
      printJson(io, 'runs show', { ...runFields(run), ...rest })
      return 0
    }
    const status = run.interrupted ? 'interrupted' : run.status.replaceAll('_', ' ')
    const time = run.endedAt === null ? '' : ` after ${formatDuration(run.endedAt - run.queuedAt)}`
    io.out(
      `${io.answerPaint.strong(onOneLine(run.name))} · ${status}${time} · ${wholeSeconds(run.queuedAt)} · ${run.id}\n`,
    )
    showJobs(io, jobs, events)
    const cause = causeOfRun(events)
    if (cause !== undefined) io.out(`${cause}\n`)
    for (const { number, text, choices } of questions) {
      io.out(`  ?  ${number}  ${onOneLine(text)}  orchastration answer ${number} ${choices.join(' | ')}\n`)
    }
    for (const failure of unreadable) io.note(`${describeFailure(failure).headline}\n`)
    io.note(`output: orchastration runs logs ${run.id}\n`)
    return 0
  },
}))

function showJobs(io: Io, jobs: readonly string[], events: readonly RunEvent[]): void {
  const states = new JobStates()
  for (const event of events) states.take(event)
  const layout = { width: widthOf(jobs, io.columns()), paint: io.answerPaint }
  for (const job of jobs) io.out(jobLine(job, states.of(job), layout))
}

/** Why the run did not succeed, in the words that the failure has everywhere. */
function causeOfRun(events: readonly RunEvent[]): string | undefined {
  const last = events.at(-1)
  if (last?.type !== 'run.failed' && last?.type !== 'run.timed_out' && last?.type !== 'run.cancelled') return undefined
  return describeFailure(last.body.failure).headline
}
