import type { PlannedJob } from '#domain/definition/planned-job.ts'
import { ANSWER_PREFIX } from '#domain/people/question.ts'
import type { RunEvent } from '#domain/run/event.ts'
import type { JobRunInput } from '#workflows/job.ts'
import type { Complain } from './check-run.ts'
import type { SimRun } from './world.ts'

const STEP_ENDS: ReadonlySet<string> = new Set(['step.succeeded', 'step.failed'])

/** What a graph of jobs means: needs first, as many at once as allowed, questions before. */
export function checkJobs(run: SimRun, events: readonly RunEvent[], complain: Complain): void {
  // The input is one of ours.
  const { jobs, parallel } = run.queued.input as unknown as JobRunInput
  const succeeded = new Set<string>()
  const open = new Set<number>()
  for (const [index, event] of events.entries()) {
    if (event.type === 'step.started') {
      open.add(event.body.number)
      const planned = jobs.find(({ name }) => name === event.body.name)
      if (planned !== undefined) checkStart(planned, { succeeded, before: events.slice(0, index) }, complain)
    }
    if (open.size > parallel) complain(`${open.size} jobs at once, where ${parallel} may`)
    if (event.type === 'step.succeeded') succeeded.add(event.body.name)
    if (STEP_ENDS.has(event.type) && 'number' in event.body) open.delete(event.body.number)
  }
  checkWhole(run, events, complain)
}

function checkWhole(run: SimRun, events: readonly RunEvent[], complain: Complain): void {
  const { jobs, keep_going = false } = run.queued.input as unknown as JobRunInput
  const succeeded = new Set(events.flatMap((event) => (event.type === 'step.succeeded' ? [event.body.name] : [])))
  const isComplete = succeeded.size === jobs.length
  if (events.at(-1)?.type === 'run.succeeded' && !isComplete) complain('it succeeded without all of its jobs')
  if (!keep_going) checkFailFast(events, complain)
}

/** Nothing is begun once a job has failed. */
function checkFailFast(events: readonly RunEvent[], complain: Complain): void {
  const failed = events.findIndex(({ type }) => type === 'step.failed')
  const late = failed < 0 ? undefined : events.slice(failed).find(({ type }) => type === 'step.started')
  if (late !== undefined) complain('a job began after another one had failed')
}

function checkStart(
  { name, job }: PlannedJob,
  { succeeded, before }: { readonly succeeded: ReadonlySet<string>; readonly before: readonly RunEvent[] },
  complain: Complain,
): void {
  const missing = job.needs?.find((need) => !succeeded.has(need))
  if (missing !== undefined) complain(`${name} started before ${missing}, which it needs`)
  const { confirm } = job
  if (confirm === undefined) return
  const asked = before.find((event) => event.type === 'wait.opened' && event.body.question?.asker === name)
  const number = asked?.type === 'wait.opened' ? asked.body.number : 0
  const isClosed = before.some((event) => event.type === 'wait.closed' && event.body.number === number)
  const isYes = isClosed
    ? typeof confirm !== 'string' && confirm.otherwise === 'yes'
    : answerTo(number, before) === 'yes'
  if (!isYes) complain(`${name} started, and nobody has said yes`)
}

function answerTo(number: number, events: readonly RunEvent[]): unknown {
  const taken = events.find((event) => event.type === 'signal.taken' && event.body.number === number)
  const seq = taken?.type === 'signal.taken' ? taken.body.signal_seq : 0
  const signal = events.find(({ runSeq }) => runSeq === seq)
  if (signal?.type !== 'signal.received' || !signal.body.signal.startsWith(ANSWER_PREFIX)) return undefined
  return (signal.body.payload as { readonly choice?: unknown }).choice
}
