import type { RunEvent } from '#domain/run/event.ts'
import type { JobRun } from '../read-run.ts'
import type { AskedQuestion, RunSummary } from '../store-port.ts'
import { evidenceOf, explainJob, standstill } from './explain-job.ts'
import type { Explanation } from './explanation.ts'

/** Why a run ended as it did, or stands where it stands: by the job that decides. */
export function explainRun(run: JobRun, questions: readonly AskedQuestion[]): Explanation {
  const standing = standstill(run)
  if (standing !== undefined) {
    const { verdict, fact, shownBy } = standing
    return { job: null, run: run.run, verdict, fact, evidence: shownBy.flatMap(evidenceOf) }
  }
  const deciding = decidingJob(run, questions)
  const explained = deciding === undefined ? undefined : explainJob(run, deciding, questions)
  return explained ?? asItIs(run)
}

/** The first job that failed; else the one that is waited for; else the last one that was asked for. */
function decidingJob({ events, input }: JobRun, questions: readonly AskedQuestion[]): string | undefined {
  const failed = events.find((event) => event.type === 'step.failed')
  if (failed?.type === 'step.failed') return failed.body.name
  const asks = questions.find(({ wait }) => wait !== null)
  if (asks !== undefined) return asks.asker
  const open = input.jobs.find(({ name, reused }) => reused === undefined && isOpen(events, name))
  return open?.name ?? input.requested.at(-1)
}

/** Whether the job has not come to an end by a step. */
function isOpen(events: readonly RunEvent[], job: string): boolean {
  return !events.some((event) => event.type === 'step.succeeded' && event.body.name === job)
}

function asItIs({ run, queued }: JobRun): Explanation {
  const fact = { kind: 'asked_for', by: queued.actor, at: queued.at } as const
  return { job: null, run, verdict: verdictOf(run), fact, evidence: evidenceOf(queued) }
}

function verdictOf({ status }: RunSummary): Explanation['verdict'] {
  return status
}
