import { type Digest, sha256 } from '#base/digest.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { JobRunInput } from '#workflows/job.ts'
import type { RunRequest } from './plan-run.ts'
import type { Plans } from './plans-port.ts'

/** What a run would do, by the digest of exactly that. */
export interface RunPlan {
  readonly digest: Digest
  readonly input: JobRunInput
}

/** A plan as it is kept. */
interface KeptPlan {
  readonly request: RunRequest
  readonly input: JobRunInput
}

/** How many jobs run at once changes with the machine, and changes nothing of what is run. */
function planDigest({ parallel: _, ...input }: JobRunInput): Digest {
  return sha256(canonicalJson(input))
}

/** Keeps the plan, so that its digest alone is enough to run it. */
export function keepPlan(plans: Plans, request: RunRequest, input: JobRunInput): Result<RunPlan, Failure> {
  const digest = planDigest(input)
  const kept = plans.write(digest, canonicalJson({ request, input } as unknown as Json))
  return kept.ok ? ok({ digest, input }) : kept
}

/** The request that the plan of this digest was made from, and what it was to do. */
export function findPlan(plans: Plans, prefix: string, known: readonly string[]): Result<KeptPlan, Failure> {
  const [text, other] = plans.find(prefix)
  const plan = text === undefined || other !== undefined ? undefined : readPlan(text, prefix)
  return plan === undefined ? err({ code: 'plan_unknown', plan: prefix, known: [...known] }) : ok(plan)
}

/** A file can be changed: what it says must have the digest that it is kept under. */
function readPlan(text: string, prefix: string): KeptPlan | undefined {
  try {
    const plan = JSON.parse(text) as KeptPlan
    return planDigest(plan.input).startsWith(prefix) ? plan : undefined
  } catch {
    return undefined
  }
}

/** Nothing but what was planned may run: the failure names what became different. */
export function matchPlan(planned: JobRunInput, now: JobRunInput): Result<void, Failure> {
  const [plan, digest] = [planDigest(planned), planDigest(now)]
  return plan === digest ? ok() : err({ code: 'plan_changed', plan, now: digest, changes: planChanges(planned, now) })
}

type PlanChange = FailureOf<'plan_changed'>['changes'][number]

function planChanges(planned: JobRunInput, now: JobRunInput): PlanChange[] {
  const [before, after] = [byName(planned.jobs), byName(now.jobs)]
  const gone = [...before.keys()].filter((name) => !after.has(name))
  return [
    ...gone.map((job): PlanChange => ({ job, change: 'gone', keys: [] })),
    ...now.jobs.flatMap((job) => changeOf(before.get(job.name), job)),
  ]
}

function changeOf(before: PlannedJob | undefined, after: PlannedJob): readonly PlanChange[] {
  if (before === undefined) return [{ job: after.name, change: 'new', keys: [] }]
  const keys = changedKeys(before, after)
  return keys.length === 0 ? [] : [{ job: after.name, change: 'changed', keys }]
}

/** The keys of a job by which two plans of it differ. */
export function changedKeys(before: PlannedJob, after: PlannedJob): string[] {
  const [left, right] = [planParts(before), planParts(after)]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].filter((key) => canonicalJson(left[key] ?? null) !== canonicalJson(right[key] ?? null)).sort()
}

/** What makes up a planned job, by the keys that people know. */
export function planParts({
  job: { command: _, ...job },
  argv,
  directory,
  params,
}: PlannedJob): Readonly<Record<string, Json>> {
  return { ...(job as Readonly<Record<string, Json>>), command: argv, directory, ...(params && { given: params }) }
}

function byName(jobs: readonly PlannedJob[]): ReadonlyMap<string, PlannedJob> {
  return new Map(jobs.map((job) => [job.name, job]))
}
