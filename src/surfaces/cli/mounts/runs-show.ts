import { describeFailure } from '#app/failure-text.ts'
import { jobEndOf } from '#app/follow.ts'
import type { ShownRun } from '#app/operations/show-run.ts'
import { formatDuration } from '#base/duration.ts'
import { printable } from '#base/text.ts'
import type { JobOutcome } from '#domain/failure.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { Io } from '../io.ts'
import { type JobState, jobLine } from '../job-lines.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

/** `runs show`: how each job of a run stands. */
export const runsShow = mount<ShownRun>(({ io, json }) => ({
  answer: (shown) => {
    const { run, jobs, events, unreadable, questions } = shown
    if (json) {
      const detail = { run: snakeKeys(run), jobs, events: events.map(snakeKeys), unreadable }
      printJson(io, 'run-detail', { ...detail, questions: questions.map(snakeKeys) })
      return 0
    }
    const status = run.interrupted ? 'interrupted' : run.status
    const time = run.endedAt === null ? '' : ` after ${formatDuration(run.endedAt - run.queuedAt)}`
    io.out(`${io.paint.strong(printable(run.name))} · ${status}${time} · ${wholeSeconds(run.queuedAt)} · ${run.id}\n`)
    showJobs(io, jobs, events)
    const cause = causeOfRun(events)
    if (cause !== undefined) io.out(`${cause}\n`)
    for (const { number, text, choices } of questions) {
      io.out(`  ?  ${number}  ${printable(text)}  orchastration answer ${number} ${choices.join(' | ')}\n`)
    }
    for (const failure of unreadable) io.note(`${describeFailure(failure).headline}\n`)
    io.note(`output: orchastration runs logs ${run.id}\n`)
    return 0
  },
}))

function showJobs(io: Io, jobs: readonly string[], events: readonly RunEvent[]): void {
  const width = Math.max(8, ...jobs.map((job) => job.length))
  const states = statesOf(events)
  for (const job of jobs) {
    const state = states.get(job)
    if (typeof state === 'object') io.out(jobLine(job, state, { width, paint: io.paint }))
    else io.out(`  ${state === 'running' ? 'run ' : '-   '}  ${printable(job)}\n`)
  }
}

function statesOf(events: readonly RunEvent[]): ReadonlyMap<string, JobState | 'running'> {
  const states = new Map<string, JobState | 'running'>()
  for (const event of events) {
    if (event.type === 'step.started') states.set(event.body.name, 'running')
    const end = jobEndOf(event)
    if (end !== undefined) states.set(end.job, { kind: 'ended', end })
    if (event.type === 'run.failed' && event.body.failure.code === 'jobs_failed')
      addSkipped(states, event.body.failure.jobs)
  }
  return states
}

function addSkipped(states: Map<string, JobState | 'running'>, jobs: Readonly<Record<string, JobOutcome>>): void {
  for (const [name, { status, because = '' }] of Object.entries(jobs)) {
    if (status === 'skipped') states.set(name, { kind: 'skipped', because })
    if (status === 'declined') states.set(name, { kind: 'declined' })
    if (status === 'cancelled' && !states.has(name)) states.set(name, { kind: 'cancelled' })
  }
}

/** Why the run did not succeed, in the words that the failure has everywhere. */
function causeOfRun(events: readonly RunEvent[]): string | undefined {
  const last = events.at(-1)
  if (last?.type !== 'run.failed' && last?.type !== 'run.timed_out' && last?.type !== 'run.cancelled') return undefined
  return describeFailure(last.body.failure).headline
}
