import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { isEnded } from '#domain/run/run.ts'
import type { BegunRun, JobRun } from '../read-run.ts'
import type { AskedQuestion } from '../store-port.ts'
import type { Evidence, Explanation, Fact, Verdict } from './explanation.ts'
import { type JobStory, jobStories } from './job-story.ts'

interface Decided {
  readonly verdict: Verdict
  readonly fact: Fact
  readonly shownBy: readonly (RunEvent | undefined)[]
}

/** Why a job of a run did what it did, or does what it does: pure, from the events alone. */
export function explainJob(run: JobRun, job: string, questions: readonly AskedQuestion[]): Explanation | undefined {
  const stories = jobStories(run)
  const story = stories.get(job)
  if (story === undefined) return undefined
  const { verdict, fact, shownBy } = decide({ run, stories, questions }, story)
  return { job, run: run.run, verdict, fact, evidence: shownBy.flatMap(evidenceOf) }
}

export function evidenceOf(event: RunEvent | undefined): readonly Evidence[] {
  return event === undefined ? [] : [{ seq: event.seq, type: event.type, at: event.at }]
}

interface Known {
  readonly run: JobRun
  readonly stories: ReadonlyMap<string, JobStory>
  readonly questions: readonly AskedQuestion[]
}

function decide(known: Known, story: JobStory): Decided {
  const { planned, ended, started } = story
  if (planned.reused !== undefined) {
    return { verdict: 'reused', fact: { kind: 'reused', run: planned.reused }, shownBy: [known.run.queued] }
  }
  if (ended?.type === 'step.succeeded') return succeeded(known, ended, planned.name)
  if (ended?.type === 'step.failed') return failed(ended.body.failure, story)
  if (isEnded(known.run.run.status)) return neverBegan(known, story)
  return started === undefined ? notYet(known, story) : underWay(known, story)
}

function succeeded(known: Known, ended: EventOf<'step.succeeded'>, job: string): Decided {
  // The command's activity answers with a report, and only with that.
  const { up_to_date, stale } = ended.body.output as CommandReport
  if (up_to_date !== undefined) {
    return { verdict: 'up_to_date', fact: { kind: 'unchanged', ...up_to_date }, shownBy: [ended] }
  }
  if (stale !== undefined) return { verdict: 'succeeded', fact: { kind: 'stale', stale }, shownBy: [ended] }
  return { ...whyAsked(known, job), verdict: 'succeeded' }
}

function whyAsked({ run, stories }: Known, job: string): Omit<Decided, 'verdict'> {
  const { actor, at } = run.queued
  if (run.input.requested.includes(job)) {
    return { fact: { kind: 'asked_for', by: actor, at }, shownBy: [run.queued, stories.get(job)?.ended] }
  }
  const by = run.input.jobs.find(({ job: { needs = [] } }) => needs.includes(job))
  return { fact: { kind: 'needed', by: by?.name ?? '', at }, shownBy: [run.queued, stories.get(job)?.ended] }
}

function failed(failure: Failure, { ended }: JobStory): Decided {
  const verdict = failure.code === 'timed_out' || failure.code === 'cancelled' ? failure.code : 'failed'
  return { verdict, fact: { kind: 'failure', failure, attempts: ended?.body.attempt ?? 1 }, shownBy: [ended] }
}

/** The run is over, and the job has no end of its own. */
function neverBegan(known: Known, story: JobStory): Decided {
  const { answered, closed, asked, planned } = story
  if (answered?.answer.choice === 'no') return declined(story, answered.answer.by, answered.event)
  const need = (planned.job.needs ?? []).find((name) => !hasSucceeded(known.stories.get(name)))
  if (need !== undefined) return needFailed(known, need)
  const first = firstFailure(known)
  if (first !== undefined && known.run.input.keep_going !== true) {
    const fact = { kind: 'fail_fast', job: first.job, failure: first.failure } as const
    return { verdict: 'skipped', fact, shownBy: [first.event] }
  }
  const end = known.run.events.at(-1)
  if (end?.type === 'run.cancelled') {
    const request = known.run.events.findLast(({ type }) => type === 'run.cancel_requested')
    return { verdict: 'cancelled', fact: { kind: 'cancelled', by: (request ?? end).actor, at: end.at }, shownBy: [end] }
  }
  if (asked !== undefined && closed !== undefined) return declined(story, null, closed)
  return { verdict: 'not_begun', fact: { kind: 'in_flight', since: known.run.queued.at }, shownBy: [end] }
}

function declined({ asked }: JobStory, by: string | null, event: RunEvent): Decided {
  const question = asked?.body.question?.text ?? ''
  return { verdict: 'declined', fact: { kind: 'answer', question, by, at: event.at }, shownBy: [asked, event] }
}

/** Down the needs to the job that did not succeed by itself, or that a failure elsewhere kept from beginning. */
function needFailed(known: Known, need: string): Decided {
  let root = need
  for (const seen = new Set<string>(); !seen.has(root); ) {
    seen.add(root)
    root = below(known, root) ?? root
  }
  const ended = known.stories.get(root)?.ended
  const failure = ended?.type === 'step.failed' ? ended.body.failure : null
  return { verdict: 'skipped', fact: { kind: 'need', need, root, failure }, shownBy: [ended] }
}

/** What kept a job without an end from beginning: a need of it, one that failed before all others; else the first failure. */
function below(known: Known, job: string): string | undefined {
  const story = known.stories.get(job)
  if (story === undefined || story.ended !== undefined) return undefined
  const open = (story.planned.job.needs ?? []).filter((name) => !hasSucceeded(known.stories.get(name)))
  const failed = open.find((name) => known.stories.get(name)?.ended?.type === 'step.failed')
  return failed ?? open[0] ?? (story.answered === undefined ? firstFailure(known)?.job : undefined)
}

interface FirstFailure {
  readonly job: string
  readonly failure: Failure | null
  readonly event: RunEvent
}

function firstFailure({ run }: Known): FirstFailure | undefined {
  for (const event of run.events) {
    if (event.type === 'step.failed') return { job: event.body.name, failure: event.body.failure, event }
  }
  return undefined
}

/** The run is not over, and the job has not begun. */
function notYet(known: Known, story: JobStory): Decided {
  const { run, questions } = known
  const open = questions.find(({ wait }) => wait !== null && wait === story.asked?.body.number)
  if (open !== undefined) {
    const { number, text, askedAt: at, deadline, choices } = open
    const fact: Fact = { kind: 'question', number, text, at, deadline, choices }
    return { verdict: 'waiting', fact, shownBy: [story.asked] }
  }
  const standing = standstill(run)
  if (standing !== undefined) return standing
  const need = (story.planned.job.needs ?? []).find((name) => !hasSucceeded(known.stories.get(name)))
  if (need !== undefined) {
    return { verdict: 'waiting', fact: { kind: 'need_open', need }, shownBy: [known.stories.get(need)?.started] }
  }
  return { verdict: 'waiting', fact: { kind: 'no_place', parallel: run.input.parallel }, shownBy: [run.queued] }
}

function underWay({ run }: Known, { started, retried, planned }: JobStory): Decided {
  const standing = standstill(run, planned.name)
  if (standing !== undefined) return standing
  if (retried !== undefined && run.run.status === 'waiting') {
    const { attempt, due_at: due, failure } = retried.body
    return { verdict: 'waiting', fact: { kind: 'backoff', attempt, due, failure }, shownBy: [retried] }
  }
  return { verdict: 'running', fact: { kind: 'in_flight', since: started?.at ?? run.queued.at }, shownBy: [started] }
}

/** Why nothing at all goes on in the run, if so. */
export function standstill({ run, events, queued }: BegunRun, step?: string): Decided | undefined {
  if (run.interrupted) {
    const began = events.findLast(
      (event) => event.type === 'step.started' && (step === undefined || event.body.name === step),
    )
    const idempotent = began?.type === 'step.started' && began.body.idempotent
    const name = began?.type === 'step.started' ? began.body.name : null
    return { verdict: 'interrupted', fact: { kind: 'owner_died', step: name, idempotent }, shownBy: [began] }
  }
  if (run.status === 'paused') {
    const paused = events.findLast((event) => event.type === 'run.paused')
    if (paused?.type !== 'run.paused') return undefined
    return { verdict: 'paused', fact: { kind: 'pause', reason: paused.body.reason }, shownBy: [paused] }
  }
  if (run.status !== 'queued') return undefined
  return { verdict: 'queued', fact: { kind: 'not_claimed', since: queued.at }, shownBy: [queued] }
}

function hasSucceeded(story: JobStory | undefined): boolean {
  return story?.ended?.type === 'step.succeeded' || story?.planned.reused !== undefined
}
