import { canonicalJson, type Json } from '#base/json.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { JobRun } from './read-run.ts'

/**
 * The jobs of a new run, with those marked that need not run again: they succeeded in the old run, mean exactly what
 * they meant then, and so do all that they need.
 */
export function withReused(jobs: readonly PlannedJob[], old: JobRun): readonly PlannedJob[] {
  const done = succeededIn(old)
  const before = new Map(old.input.jobs.map((job) => [job.name, job]))
  const reused = new Set<string>()
  return jobs.map((job) => {
    const run = done.get(job.name)
    const isSame = run !== undefined && meaning(job) === meaning(before.get(job.name))
    if (!isSame || !(job.job.needs ?? []).every((need) => reused.has(need))) return job
    reused.add(job.name)
    return { ...job, reused: run }
  })
}

/** The jobs of the run that succeeded, and the run in which each really ran. */
function succeededIn({ run, events, input }: JobRun): ReadonlyMap<string, string> {
  const done = new Map<string, string>()
  for (const { name, reused } of input.jobs) if (reused !== undefined) done.set(name, reused)
  for (const event of events) if (event.type === 'step.succeeded') done.set(event.body.name, run.id)
  return done
}

function meaning(job: PlannedJob | undefined): string {
  if (job === undefined) return ''
  const { reused: _, ...rest } = job
  return canonicalJson(rest as Json)
}
