import { count, cut, grouped, onOneLine } from '#base/text.ts'
import { jobLine, type Layout, notRunText } from './job-lines.ts'
import type { JobState } from './job-states.ts'

/** Jobs that stand alike, under one row. */
export interface JobRow<State extends JobState | undefined = JobState | undefined> {
  readonly jobs: readonly string[]
  readonly state: State
}

/** So many jobs of one cause have a row each. */
const FEW = 5
/** Of more, so many are named. */
const NAMED = 3
const NAME_COLUMNS = 24

/** The jobs in their order; where many have no end of their own for one cause, one row for all of these. */
export function foldAlike<State extends JobState | undefined>(
  jobs: readonly (readonly [job: string, state: State])[],
): readonly JobRow<State>[] {
  const alike = new Map<string, string[]>()
  for (const [job, state] of jobs) {
    const cause = causeOfRow(state)
    if (cause === undefined) continue
    const others = alike.get(cause)
    if (others === undefined) alike.set(cause, [job])
    else others.push(job)
  }
  return jobs.flatMap(([job, state]) => {
    const folded = alike.get(causeOfRow(state) ?? '') ?? []
    if (folded.length <= FEW) return [{ jobs: [job], state }]
    return folded[0] === job ? [{ jobs: folded, state }] : []
  })
}

/** `  -     535 jobs           skipped: test failed before`, and the first of them below it. */
export function rowText({ jobs, state }: JobRow, layout: Layout): string {
  const [only = '', ...others] = jobs
  if (others.length === 0) return jobLine(only, state, layout)
  return `${jobLine(count(jobs.length, 'job'), state, layout)}        ${firstOf(jobs)}\n`
}

/** `a, b, c and 532 more`. */
export function firstOf(jobs: readonly string[]): string {
  const named = jobs.slice(0, NAMED).map((job) => cut(onOneLine(job), NAME_COLUMNS))
  const left = jobs.length - named.length
  return `${named.join(', ')}${left === 0 ? '' : ` and ${grouped(left)} more`}`
}

/** Undefined for a job that has a story of its own. */
function causeOfRow(state: JobState | undefined): string | undefined {
  if (state === undefined) return 'not begun'
  if (state.kind === 'ended' || state.kind === 'running') return undefined
  return state.kind === 'reused' ? `reused from ${state.run}` : notRunText(state)
}
