import { formatDuration } from '#base/duration.ts'
import { alternatives, count, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { Failure } from '#domain/failure.ts'
import type { PauseReason } from '#domain/run/event.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import { describeFailure } from '../failure-text.ts'
import { quoted } from '../failure-texts/text.ts'
import type { RunSummary } from '../store-port.ts'
import type { Explanation, Fact, Verdict } from './explanation.ts'
import { staleWords } from './stale-words.ts'

/** An explanation in words: what is so, the fact that decides, and what would have made it otherwise. */
export interface ExplanationText {
  readonly headline: string
  readonly because: string
  /** Undefined where nothing would have, as with a run of its own will. */
  readonly otherwise: string | undefined
}

export function explanationText(explanation: Explanation, now: number): ExplanationText {
  const { fact } = explanation
  const { because, otherwise } = factText(fact, explanation, now)
  return { headline: headlineOf(explanation), because, otherwise }
}

function headlineOf({ job, run, verdict }: Explanation): string {
  const subject = onOneLine(job ?? run?.name ?? '')
  const where = run === null ? '' : ` in run ${run.id}, ${wholeSeconds(run.queuedAt)}`
  return `${subject} ${VERDICTS[verdict]}${where}`
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  succeeded: 'ran and succeeded',
  failed: 'failed',
  timed_out: 'ran out of time',
  cancelled: 'was cancelled',
  declined: 'was declined',
  skipped: 'was skipped',
  rejected: 'was rejected',
  reused: 'did not run again',
  up_to_date: 'is up to date and did not run',
  waiting: 'waits',
  running: 'is running',
  interrupted: 'is interrupted',
  paused: 'is paused',
  queued: 'has not begun',
  not_begun: 'never began',
  never_run: 'has never run',
  not_asked: 'did not run then',
}

interface Words {
  readonly because: string
  readonly otherwise?: string
}

function factText(fact: Fact, { job, run }: Explanation, now: number): Words {
  const id = run?.id ?? ''
  switch (fact.kind) {
    case 'asked_for':
      return { because: `${onOneLine(fact.by)} asked for it` }
    case 'needed':
      return { because: `${onOneLine(fact.by)}, which ran after it, needs it` }
    case 'failure':
      return failureWords(fact, run?.workflow === 'orchestration' ? undefined : onOneLine(job ?? ''))
    case 'need':
      return needWords(fact, id)
    case 'fail_fast':
      return {
        because: `${onOneLine(fact.job)} had failed before, and a run begins nothing more after a failure${after(fact.failure)}`,
        otherwise: 'It would have run with --keep-going.',
      }
    case 'answer':
      return answerWords(fact)
    case 'cancelled':
      return {
        because: `${onOneLine(fact.by)} cancelled the run before it ended, ${wholeSeconds(fact.at)}`,
        ...(job !== null && { otherwise: `It starts anew with: orchastration run ${onOneLine(job)}` }),
      }
    case 'reused':
      return {
        because: `it succeeded in run ${fact.run}, and means the same today`,
        otherwise: 'It would have run, had it or anything that it needs been changed.',
      }
    case 'unchanged':
      return {
        because: `${unchangedText(fact)} unchanged since it succeeded in run ${fact.run}`,
        otherwise: 'It would have run, had one of them or its definition been changed, or with --force.',
      }
    case 'stale':
      return staleWords(fact.stale)
    case 'question':
      return {
        because: `question ${fact.number} is open since ${wholeSeconds(fact.at)}: ${onOneLine(fact.text)}${deadline(fact.deadline)}`,
        otherwise: `It goes on with: orchastration answer ${fact.number} ${alternatives(fact.choices)}`,
      }
    case 'backoff':
      return {
        because: `its last try failed (${headline(fact.failure)}), and attempt ${fact.attempt} is due ${dueText(fact.due, now)}`,
        otherwise: fact.due <= now ? `It goes on with: orchastration work --run ${id}` : 'It goes on by itself then.',
      }
    case 'in_flight':
      return { because: `it began ${formatDuration(now - fact.since)} ago and has not ended` }
    case 'owner_died':
      return ownerDied(fact, id)
    case 'pause':
      return { because: pauseText(fact.reason), otherwise: `It goes on with: orchastration runs resume ${id}` }
    case 'not_claimed':
      return {
        because: `no process has taken it since ${wholeSeconds(fact.since)}`,
        otherwise: `It begins with: orchastration work --run ${id}`,
      }
    case 'need_open':
      return {
        because: `it needs ${onOneLine(fact.need)}, which has not ended`,
        otherwise: `What that waits for: orchastration why ${id} ${onOneLine(fact.need)}`,
      }
    case 'no_place':
      return {
        because: `${fact.parallel} of the run's jobs run at once at most, and it is not yet its turn`,
        otherwise: 'It would have begun with a larger --jobs.',
      }
    case 'node':
      return { because: onOneLine(fact.message) }
    case 'nobody_asked':
      return nobodyAsked(fact, onOneLine(job ?? ''))
    default:
      return unreachable(fact)
  }
}

function needWords({ need, root, failure }: Extract<Fact, { readonly kind: 'need' }>, run: string): Words {
  const below = root === need ? '' : `; at its root is ${onOneLine(root)}`
  return {
    because: `it needs ${onOneLine(need)}, which did not succeed${below}${after(failure)}`,
    otherwise: `It would have run, had ${onOneLine(root)} succeeded: orchastration why ${run} ${onOneLine(root)}`,
  }
}

function answerWords({ question, by, at }: Extract<Fact, { readonly kind: 'answer' }>): Words {
  if (by === null) {
    return {
      because: `nobody answered ${quoted(question)} in time`,
      otherwise: 'It would have run with otherwise = "yes".',
    }
  }
  const because = `${onOneLine(by)} answered ${quoted(question)} with no, ${wholeSeconds(at)}`
  return { because, otherwise: 'It would have run, had the answer been yes.' }
}

function unchangedText({ inputs, outputs }: Extract<Fact, { readonly kind: 'unchanged' }>): string {
  const made = outputs === 0 ? '' : ` and ${count(outputs, 'output')}`
  return `${count(inputs, 'input')}${made} ${inputs + outputs === 1 ? 'is' : 'are'}`
}

function headline(failure: Failure): string {
  return describeFailure(failure).headline
}

function after(failure: Failure | null): string {
  return failure === null ? '' : `: ${headline(failure)}`
}

/** Without a job, it is the failure of a node of an orchestration. */
function failureWords(
  { failure, attempts }: Extract<Fact, { readonly kind: 'failure' }>,
  job: string | undefined,
): Words {
  const tries = attempts > 1 ? `, in attempt ${attempts}` : ''
  const because = `${headline(failure)}${tries}`
  if (job !== undefined && failure.code === 'command_failed') {
    return { because, otherwise: `It would have succeeded with exit code 0, or with allow_exit = [${failure.exit}].` }
  }
  if (job !== undefined && failure.code === 'timed_out') {
    return { because, otherwise: `It would have gone on with timeout_seconds above ${failure.timeout_ms / 1000}.` }
  }
  if (failure.code === 'cancelled') {
    return {
      because: `it was ${because}`,
      ...(job !== undefined && job !== '' && { otherwise: `It starts anew with: orchastration run ${job}` }),
    }
  }
  const [todo] = describeFailure(failure).todo
  return { because, ...(todo !== undefined && { otherwise: `What to do: ${todo}` }) }
}

function ownerDied({ step, idempotent }: Extract<Fact, { readonly kind: 'owner_died' }>, run: string): Words {
  const flight = step === null ? '' : `; ${onOneLine(step)} was in flight, ${idempotent ? '' : 'not '}idempotent`
  return {
    because: `the process that executed it is gone${flight}`,
    otherwise: `It goes on with: orchastration runs resume ${run}`,
  }
}

function pauseText(reason: PauseReason): string {
  switch (reason.kind) {
    case 'step_in_flight':
      return `${onOneLine(reason.step)} was in flight when its process died and is not idempotent, so a person must say how to go on`
    case 'resumed_too_often':
      return `its process died ${reason.times} times in a row, so a person must say whether to go on`
    case 'failure':
      return headline(reason.failure)
    default:
      return unreachable(reason)
  }
}

function nobodyAsked({ before, after: later }: Extract<Fact, { readonly kind: 'nobody_asked' }>, job: string): Words {
  const last = before === null ? 'no run of it is recorded before' : `the last one before is ${runText(before)}`
  const next = later === null ? 'none after' : `the next one ${runText(later)}`
  const because =
    before === null && later === null ? 'nobody ever asked for it' : `nobody had asked for it: ${last}, ${next}`
  return { because, otherwise: `It runs with: orchastration run ${job}` }
}

function runText({ id, queuedAt, endedAt }: RunSummary): string {
  return `${id} (${wholeSeconds(queuedAt)}${endedAt === null ? '' : ` to ${wholeSeconds(endedAt)}`})`
}

function deadline(at: number | null): string {
  return at === null ? '' : `, until ${wholeSeconds(at)}`
}

function dueText(due: number, now: number): string {
  return due <= now ? 'now' : `in ${formatDuration(due - now)}`
}
