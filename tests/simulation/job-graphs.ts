import type { Job } from '#domain/definition/job.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { JobRunInput } from '#workflows/job.ts'
import type { Chance } from '../support/sim-random.ts'

/** A random graph of jobs for the product's own workflow. */
export function randomJobs(chance: Chance): JobRunInput {
  const count = 1 + chance.below(5)
  const jobs: PlannedJob[] = []
  for (let index = 0; index < count; index++) {
    const needs = jobs.filter(() => chance.happens(0.4)).map(({ name }) => name)
    jobs.push({ name: `job${index}`, job: randomJob(chance, needs), directory: '/simulation', argv: ['do', 'it'] })
  }
  const requested = jobs.slice(-1 - chance.below(jobs.length)).map(({ name }) => name)
  return { requested, jobs, parallel: 1 + chance.below(3), ...(chance.happens(0.5) && { keep_going: true }) }
}

function randomJob(chance: Chance, needs: readonly string[]): Job {
  const backoff = chance.one(['0s', '100ms', '1s'])
  return {
    command: ['do', 'it'],
    needs: [...needs],
    idempotent: chance.happens(0.5),
    ...(chance.happens(0.3) && { timeout_seconds: 1 + chance.below(3) }),
    ...(chance.happens(0.4) && {
      retry: { attempts: 1 + chance.below(4), backoff, ...(chance.happens(0.3) && { exit_codes: [1] }) },
    }),
    ...(chance.happens(0.3) && { confirm: randomConfirm(chance) }),
  }
}

function randomConfirm(chance: Chance): NonNullable<Job['confirm']> {
  if (chance.happens(0.4)) return 'sure?'
  const otherwise = chance.one(['yes', 'no'] as const)
  return { question: 'sure?', timeout: chance.one(['1s', '30s']), ...(chance.happens(0.6) && { otherwise }) }
}
