import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { Job } from './job.ts'

/** A job of a run, under its name. */
export interface NamedJob {
  readonly name: string
  readonly job: Job
}

/** The requested jobs and all they need, in an order in which each comes after its needs. */
export function selectJobs(
  jobs: Readonly<Record<string, Job>>,
  requested: readonly string[],
): Result<readonly NamedJob[], Failure> {
  const selected = new Map<string, NamedJob>()
  for (const name of requested) {
    const failure = select(jobs, name, selected)
    if (failure !== undefined) return err(failure)
  }
  return ok([...selected.values()])
}

/** A job on the way down, and which of its needs comes next. */
interface Step {
  readonly named: NamedJob
  next: number
}

/** Depth first, with a way of its own rather than the call stack: graphs may be deep. */
function select(
  jobs: Readonly<Record<string, Job>>,
  root: string,
  selected: Map<string, NamedJob>,
): Failure | undefined {
  const way: Step[] = []
  const onWay = new Set<string>()
  for (let name: string | undefined = root; name !== undefined; name = nextName(way, onWay, selected)) {
    if (selected.has(name)) continue
    if (onWay.has(name)) {
      const names = way.map((step) => step.named.name)
      return { code: 'needs_cycle', cycle: [...names.slice(names.indexOf(name)), name] }
    }
    const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined
    if (job === undefined) return unknownJob(name, way.at(-1)?.named.name, Object.keys(jobs))
    way.push({ named: { name, job }, next: 0 })
    onWay.add(name)
  }
  return undefined
}

/** The next need to look at; jobs whose needs are all there are selected on the way back. */
function nextName(way: Step[], onWay: Set<string>, selected: Map<string, NamedJob>): string | undefined {
  for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
    const need = step.named.job.needs?.[step.next]
    step.next += 1
    if (need !== undefined) return need
    way.pop()
    onWay.delete(step.named.name)
    selected.set(step.named.name, step.named)
  }
  return undefined
}

function unknownJob(name: string, neededBy: string | undefined, known: readonly string[]): Failure {
  const suggestion = nearest(name, known)
  return {
    code: 'unknown_job',
    job: name,
    ...(neededBy !== undefined && { needed_by: neededBy }),
    ...(suggestion !== undefined && { nearest: suggestion }),
    known: known.slice(0, 50),
  }
}

/** What is wrong with the needs of a whole configuration. Made for configurations that are wrong elsewhere, too. */
export type NeedFault =
  | { readonly kind: 'unknown_need'; readonly job: string; readonly need: string }
  /** From the first job of the circle round to the same job again. */
  | { readonly kind: 'cycle'; readonly cycle: readonly [string, ...string[], string] }

/** All unknown needs, and at least one circle out of each knot of jobs that need each other. */
export function needFaults(needs: ReadonlyMap<string, readonly string[]>): readonly NeedFault[] {
  const faults: NeedFault[] = []
  for (const [job, wanted] of needs) {
    for (const need of wanted) if (!needs.has(need)) faults.push({ kind: 'unknown_need', job, need })
  }
  return [...faults, ...circlesAmong(jobsInKnots(needs))]
}

/** What is left once every job whose needs can all be met has been taken away, again and again. */
function jobsInKnots(needs: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const left = new Map<string, Set<string>>()
  const neededBy = new Map<string, string[]>()
  for (const [job, wanted] of needs) {
    const known = new Set(wanted.filter((need) => needs.has(need)))
    left.set(job, known)
    for (const need of known) {
      const dependents = neededBy.get(need)
      if (dependents === undefined) neededBy.set(need, [job])
      else dependents.push(job)
    }
  }
  const free = [...left].flatMap(([job, wanted]) => (wanted.size === 0 ? [job] : []))
  for (let job = free.pop(); job !== undefined; job = free.pop()) {
    left.delete(job)
    for (const dependent of neededBy.get(job) ?? []) {
      const wanted = left.get(dependent)
      wanted?.delete(job)
      if (wanted?.size === 0) free.push(dependent)
    }
  }
  return new Map([...left].map(([job, wanted]) => [job, [...wanted]]))
}

/** Every job of a knot needs another one of it, so following the first need must come round. */
function circlesAmong(knots: ReadonlyMap<string, readonly string[]>): readonly NeedFault[] {
  const faults: NeedFault[] = []
  const seen = new Set<string>()
  for (const start of knots.keys()) {
    const way: string[] = []
    let job: string | undefined = start
    while (job !== undefined && !seen.has(job)) {
      seen.add(job)
      way.push(job)
      job = knots.get(job)?.[0]
    }
    const from = job === undefined ? -1 : way.indexOf(job)
    const [first, ...others] = from < 0 ? [] : way.slice(from)
    if (first !== undefined) faults.push({ kind: 'cycle', cycle: [first, ...others, first] })
  }
  return faults
}
