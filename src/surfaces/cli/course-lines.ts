import type { Course } from '#app/course.ts'
import { formatDuration } from '#base/duration.ts'
import type { Json } from '#base/json.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import type { ChangedFile } from '#domain/run/changed-file.ts'
import type { TimedEntry } from '#domain/run/orchestration-fold.ts'
import type { GivenVerdict } from '#domain/run/verdict.ts'
import type { Paint } from './io.ts'
import { momentWords } from './moment-words.ts'
import { nodeLabel, nodeLines } from './node-lines.ts'
import { hung, widest } from './rows.ts'

export interface CourseLayout {
  /** Of the terminal; 0 where rows are as long as what they say. */
  readonly columns: number
  readonly paint: Paint
  /** When the run was asked for: times are told from there on. */
  readonly since: number
  readonly runId: string
}

/** Of a longer course the end is shown; all of it is one command away. */
const MOST_MOMENTS = 200
const MOST_VALUE = 200
const MOST_FINDING = 20
const MOST_FILES = 50
const MOST_DIFF = 60
const MOST_COLUMN = 24
const TIME = 7

/** An orchestration's run for people: its nodes, its verdicts, what happened when, and who wrote what. */
export function courseLines({ goal, nodes, ...course }: Course, layout: CourseLayout): readonly string[] {
  const { columns } = layout
  return [
    ...(goal === undefined ? [] : hung({ head: 'goal: ', width: 6, text: onOneLine(goal), columns })),
    ...nodeLines(nodes, layout),
    ...section('verdicts', verdictLines(course, layout)),
    ...section('timeline', timelineLines(course, layout)),
    ...section('files', fileLines(course, layout)),
    ...section('context', contextLines(course, layout)),
  ]
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

function verdictLines({ verdicts }: Pick<Course, 'verdicts'>, layout: CourseLayout): readonly string[] {
  return verdicts.flatMap((verdict) => [
    verdictHead(verdict, layout),
    ...hung({ head: '    ', width: 4, text: onOneLine(verdict.report), columns: layout.columns }),
    ...verdict.findings.flatMap((finding) => findingLines(finding, layout)),
  ])
}

/** What a check wrote stands below the finding, line by line. */
function findingLines(finding: string, { columns }: CourseLayout): readonly string[] {
  const [first = '', ...rest] = finding.trimEnd().split('\n')
  const shown = rest.slice(0, MOST_FINDING).map((line) => `      | ${onOneLine(line)}`)
  const left = rest.length - shown.length
  const more = left > 0 ? [`      … ${count(left, 'more line')}`] : []
  return [...hung({ head: '    - ', width: 6, text: onOneLine(first), columns }), ...shown, ...more]
}

/** Each file with who changed it, and how it differs from what it was before the run. */
function fileLines({ files }: Pick<Course, 'files'>, { columns, paint }: CourseLayout): readonly string[] {
  const left = files.length - MOST_FILES
  const more = left > 0 ? [`  … ${count(left, 'more file')}`] : []
  return [...files.slice(0, MOST_FILES).flatMap((file) => changedLines(file, columns, paint)), ...more]
}

function changedLines({ path, writes, added, removed, diff }: ChangedFile, columns: number, paint: Paint) {
  const by = [...new Set(writes.map(({ node, ...rest }) => (node === null ? 'run' : nodeLabel({ ...rest, node }))))]
  const size = added === null || removed === null ? '' : `+${added} -${removed}  `
  const text = `${size}by ${by.join(', ')}`
  const head = `  ${onOneLine(path)}  `
  const lines = (diff ?? ['(its contents are no text, or not kept)']).map(onOneLine)
  const shown = lines.slice(0, MOST_DIFF).map((line) => `    ${colored(line, paint)}`)
  const left = lines.length - shown.length
  const more = left > 0 ? [`    … ${count(left, 'more line')}`] : []
  return [...hung({ head, width: head.length, text, columns }), ...shown, ...more]
}

function colored(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint.good(line)
  return line.startsWith('-') ? paint.bad(line) : line
}

function verdictHead(verdict: GivenVerdict, { since }: CourseLayout): string {
  const { writer, backend, at, status } = verdict
  const by = backend === null ? writer : `${writer}, ${backend}`
  return `  ${offset(at, since)}  ${nodeLabel(verdict)}  ${onOneLine(status)}  (${onOneLine(by)})`
}

function timelineLines({ timeline }: Pick<Course, 'timeline'>, layout: CourseLayout): readonly string[] {
  const { columns, paint, since, runId } = layout
  const shown = timeline.slice(-MOST_MOMENTS)
  const labels = shown.map((moment) => (moment.node === null ? 'run' : nodeLabel({ ...moment, node: moment.node })))
  const width = widest(labels, MOST_COLUMN)
  const left = timeline.length - shown.length
  const before = left === 0 ? [] : [`  … ${count(left, 'more moment')} before: orchastration runs events ${runId}`]
  const rows = shown.flatMap((moment, index) => {
    const head = `  ${offset(moment.at, since)}  ${(labels[index] ?? '').padEnd(width)}  `
    return hung({ head, width: head.length, text: momentWords(moment, paint), columns })
  })
  return [...before, ...rows]
}

function contextLines({ context }: Pick<Course, 'context'>, { columns, since }: CourseLayout): readonly string[] {
  const width = (texts: readonly string[]) => widest(texts.map(onOneLine), MOST_COLUMN)
  const keys = width(context.map(({ key }) => key))
  const writers = width(context.map(writerOf))
  return context.flatMap((entry) => {
    const who = `${onOneLine(entry.key).padEnd(keys)}  ${onOneLine(writerOf(entry)).padEnd(writers)}`
    const head = `  ${offset(entry.at, since)}  ${who}  `
    return hung({ head, width: head.length, text: valueText(entry.value), columns })
  })
}

/** `planner (PlannerAgent)`: the step, and who took it; what the run began with is its own. */
function writerOf({ writer, step }: TimedEntry): string {
  return step === '' || step === writer ? writer : `${step} (${writer})`
}

function valueText(value: Json): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value), MOST_VALUE)
}

function offset(at: number, since: number): string {
  return `+${formatDuration(at - since)}`.padStart(TIME)
}
