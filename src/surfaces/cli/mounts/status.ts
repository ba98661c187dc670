import type { OpenRun, Status } from '#app/operations/show-status.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import { formatDuration } from '#base/duration.ts'
import { alternatives, count, onOneLine } from '#base/text.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { Io } from '../io.ts'
import { deepSnakeKeys, mount, printJson, runFields } from '../mount.ts'
import { startAnew } from '../start-anew.ts'
import { statusTable } from '../status-table.ts'

const INDENT = ' '.repeat(10)

/**
 * `status`: the ancestor's line for each job, then each open run with its questions, and what to do about it. Whoever
 * looks at a terminal has the open runs first, and the jobs in columns.
 */
export const status = mount<Status>(({ io, json, services }) => ({
  answer: (answered) => {
    const shown = { now: services.clock.now(), columns: io.columns(), paint: io.answerPaint, open: answered.open }
    if (json) printJson(io, 'status', statusFields(answered))
    else if (io.isAnswerSeen) print(io, [openRuns(answered, shown.now), jobRows(answered, shown)])
    else print(io, [answered.jobs.length === 0 ? NO_JOBS : answered.jobs.map(jobText), openRuns(answered)])
    return 0
  },
}))

const NO_JOBS = ['no jobs configured']

/** With an empty line between the parts that there are. */
function print(io: Io, parts: readonly (readonly string[])[]): void {
  const texts = parts.filter((lines) => lines.length > 0).map((lines) => lines.map((line) => `${line}\n`).join(''))
  io.out(texts.join('\n'))
}

function jobRows({ jobs }: Status, looking: Parameters<typeof statusTable>[1]): readonly string[] {
  return jobs.length === 0 ? NO_JOBS : statusTable(jobs, looking)
}

function statusFields({ jobs, open, questions }: Status): object {
  const runs = open.map(({ run, ...rest }) => ({ ...runFields(run), ...(deepSnakeKeys(rest) as object) }))
  return { jobs: deepSnakeKeys(jobs), open: runs, questions: deepSnakeKeys(questions) }
}

function openRuns({ open, questions }: Status, now?: number): readonly string[] {
  const shown = new Set<string>(open.map(({ run }) => run.id))
  // Of very many open runs not all are looked at, but no question is left out.
  const others = questions.filter(({ runId }) => !shown.has(runId))
  return [
    ...open.flatMap((each) => openLines(each, questions, now)),
    ...others.flatMap((question) => [`run ${question.runId}`, ...questionLines(question)]),
  ]
}

function jobText({ name, last }: Status['jobs'][number]): string {
  if (last === undefined) return `${name} - no runs recorded`
  const duration = last.endedAt - last.startedAt
  return `${name} - exit=${last.exit} duration_ms=${duration} start=${wholeSeconds(last.startedAt)}`
}

/** How long it has been open is told where somebody looks, `now`. */
function openLines(open: OpenRun, questions: readonly AskedQuestion[], now: number | undefined): readonly string[] {
  const { run, leftovers } = open
  const asked = questions.filter(({ runId }) => runId === run.id)
  return [
    `${onOneLine(run.name)} - ${stateText(open)}${run.scripted ? ', scripted' : ''}${now === undefined ? '' : `, begun ${formatDuration(now - run.queuedAt)} ago`}`,
    `${INDENT}run: ${run.id}`,
    ...leftovers.map(({ pid, command }) => `${INDENT}still running: ${pid} ${onOneLine(command)}`),
    ...asked.flatMap(questionLines),
    ...waysOn(open).map((line) => `${INDENT}${line}`),
  ]
}

function stateText(open: OpenRun): string {
  const { run, isDue, stepsEnded, stepsPlanned } = open
  if (run.interrupted) {
    // Only of jobs it is known before how many there will be.
    const of = run.workflow === 'job' ? `step ${stepsEnded} of ${stepsPlanned}` : count(stepsEnded, 'step')
    return `interrupted after ${of}${flight(open)}`
  }
  if (run.status === 'paused') return `paused${flight(open)}`
  if (run.status === 'running') return 'running'
  if (isDue) return `${run.status}, due`
  return run.readyAt === null ? run.status : `${run.status} until ${wholeSeconds(run.readyAt)}`
}

/** The commands that go on with it; a run that waits for its time or an answer needs none. */
function waysOn({ run, isDue }: OpenRun): readonly string[] {
  if (run.interrupted || run.status === 'paused') {
    const anew = startAnew(run)
    return [`go on: orchastration runs resume ${run.id}`, ...(anew === undefined ? [] : [`start anew: ${anew}`])]
  }
  if (run.status === 'running') return [`follow: orchastration runs logs -f ${run.id}`]
  return isDue ? [`go on: orchastration work --run ${run.id}`] : []
}

function questionLines({ number, asker, text, choices }: AskedQuestion): readonly string[] {
  return [
    `${INDENT}?  ${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}`,
    `${INDENT}   orchastration answer ${number} ${alternatives(choices)}`,
  ]
}

function flight({ inFlight }: OpenRun): string {
  const [first, ...others] = inFlight
  if (first === undefined) return ''
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return ` (${onOneLine(first.step)}${more} in flight, ${first.idempotent ? 'idempotent' : 'not idempotent'})`
}
