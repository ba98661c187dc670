import type { Course } from '#app/course.ts'
import { describeFailure } from '#app/failure-text.ts'
import type { ShownRun } from '#app/operations/show-run.ts'
import type { OutputPaths } from '#app/services.ts'
import { sha256 } from '#base/digest.ts'
import { formatDuration } from '#base/duration.ts'
import { alternatives, count, grouped, onOneLine } from '#base/text.ts'
import type { EventOf, RunEvent } from '#domain/run/event.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import { copyRange } from '../copy-range.ts'
import { foldAlike, type JobRow, rowText } from '../fold-jobs.ts'
import { answerColumns, type Io } from '../io.ts'
import { isCancelled, widthOf } from '../job-lines.ts'
import { JobStates } from '../job-states.ts'
import { mount, printJson, runFields, snakeKeys } from '../mount.ts'

/** A terminal has about so many rows. */
const MOST_ROWS = 20

type Erased = EventOf<'run.erased'>

/** `runs show`: how each job of a run stands. */
export const runsShow = mount<ShownRun>(({ io, json, services: { files } }) => ({
  answer: async (shown) => {
    const course = await courseOfRun(shown, files)
    if (json) printJson(io, 'runs show', documentOf(shown, course))
    else {
      showRun(io, shown.run)
      showForks(io, shown.forks)
      if (shown.erased !== undefined) showErased(io, shown.erased)
      else await showRecorded(io, shown, course)
    }
    return 0
  },
}))

/** Loaded for orchestrations only. */
async function courseOfRun({ run, events, erased }: ShownRun, files: OutputPaths): Promise<Course | undefined> {
  if (run.workflow !== 'orchestration' || erased !== undefined) return undefined
  return (await import('#app/course.ts')).courseOf(events, (digest) => contentOf(files, digest))
}

/** Undefined where it is not there, or is not what its digest says. */
function contentOf(files: OutputPaths, digest: string): Uint8Array | undefined {
  const path = files.artifact(digest)
  const chunks: Uint8Array[] = []
  copyRange(path, { from: 0, until: files.size(path) }, (chunk) => chunks.push(Buffer.from(chunk)))
  const content = Buffer.concat(chunks)
  return sha256(content) === digest ? content : undefined
}

function documentOf(
  { run, jobs, events, unreadable, questions, erased, forks }: ShownRun,
  course: Course | undefined,
): object {
  const orchestration = course ?? null
  const rest = { jobs, orchestration, events: events.map(snakeKeys), unreadable, questions: questions.map(snakeKeys) }
  const links = { forked_from: forks.from ?? null, forks: forks.to }
  return { ...runFields(run), ...links, ...rest, erased: erased === undefined ? null : erasedFields(erased) }
}

function showRun(io: Io, run: ShownRun['run']): void {
  const status = run.interrupted ? 'interrupted' : run.status.replaceAll('_', ' ')
  const time = run.endedAt === null ? '' : ` after ${formatDuration(run.endedAt - run.queuedAt)}`
  io.out(
    `${io.answerPaint.strong(onOneLine(run.name))} · ${status}${time} · ${wholeSeconds(run.queuedAt)} · ${run.id}\n`,
  )
}

function showForks(io: Io, { from, to }: ShownRun['forks']): void {
  if (from !== undefined) io.out(`forked from ${from.run}, before ${onOneLine(from.step)}\n`)
  for (const { run, step } of to) io.out(`forked before ${onOneLine(step)}: ${run}\n`)
}

async function showRecorded(io: Io, shown: ShownRun, course: Course | undefined): Promise<void> {
  const { run, jobs, events, unreadable, questions } = shown
  if (course === undefined) showJobs(io, jobs, events)
  else {
    const { courseLines } = await import('../course-lines.ts')
    const layout = { columns: await answerColumns(), paint: io.answerPaint, since: run.queuedAt, runId: run.id }
    for (const line of courseLines(course, layout)) io.out(`${line}\n`)
    if (questions.length > 0) io.out('\n')
  }
  if (run.workflow === 'undo') {
    const { undoLines } = await import('../undo-lines.ts')
    for (const line of undoLines(events)) io.out(`${line}\n`)
  }
  // Of an orchestration the rows of its nodes have told why.
  for (const line of course === undefined ? causeOfRun(events) : []) io.out(`${line}\n`)
  for (const { number, text, choices } of questions) {
    io.out(`  ?  ${number}  ${onOneLine(text)}  orchastration answer ${number} ${alternatives(choices)}\n`)
  }
  for (const failure of unreadable) io.alert.note(`${describeFailure(failure).headline}\n`)
  if (run.workflow !== 'undo') io.note(`output: orchastration runs logs ${run.id}\n`)
}

function showJobs(io: Io, jobs: readonly string[], events: readonly RunEvent[]): void {
  const states = new JobStates()
  for (const event of events) states.take(event)
  const layout = { width: widthOf(jobs, io.columns()), paint: io.answerPaint }
  const rows = foldAlike(jobs.map((job) => [job, states.of(job)] as const))
  // Of more rows than anybody sees at once, the failures are the last.
  const ordered = rows.length > MOST_ROWS ? [...rows.filter((row) => !hasFailed(row)), ...rows.filter(hasFailed)] : rows
  for (const row of ordered) io.out(rowText(row, layout))
}

function hasFailed({ state }: JobRow): boolean {
  return state?.kind === 'ended' && state.end.failure !== undefined && !isCancelled(state.end.failure)
}

function erasedFields({ actor: by, at, seq, body: { through: events, reason, summary } }: Erased): object {
  return { by, at, seq, events, reason, ends: summary.ends }
}

/** What a job said is gone; that it ended, and how, is not. */
function showErased(io: Io, { actor, at, seq, body: { through, summary } }: Erased): void {
  const width = widthOf(
    summary.ends.map(({ job }) => job),
    io.columns(),
  )
  for (const { job, exit, started_at, ended_at } of summary.ends) {
    const [word, why] = exit === 0 ? [io.answerPaint.good('ok'), ''] : [io.answerPaint.bad('FAIL'), `   exit ${exit}`]
    const time = formatDuration(ended_at - started_at).padStart(6)
    io.out(`  ${word}${exit === 0 ? '    ' : '  '}${onOneLine(job).padEnd(width)}  ${time}${why}\n`)
  }
  const said = `what ${count(through, 'event')} said`
  io.out(`erased: ${said}, by ${onOneLine(actor)} at ${wholeSeconds(at)} in event ${grouped(seq)}\n`)
}

/** Why the run did not succeed, in the words that the failure has everywhere. */
function causeOfRun(events: readonly RunEvent[]): readonly string[] {
  const last = events.at(-1)
  if (last?.type !== 'run.failed' && last?.type !== 'run.timed_out' && last?.type !== 'run.cancelled') return []
  const { failure } = last.body
  const { headline, detail } = describeFailure(failure)
  return UNTOLD.has(failure.code) ? [headline, ...detail] : [headline]
}

/** Failures of which the lines of the jobs do not tell the half. */
const UNTOLD: ReadonlySet<string> = new Set(['undo_refused', 'outputs_not_made', 'review_not_passed', 'tool_failed'])
