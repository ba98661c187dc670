import type { Course } from '#app/course.ts'
import { formatDuration } from '#base/duration.ts'
import type { Json } from '#base/json.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import type { NodeState } from '#domain/run/node-state.ts'
import type { TimedEntry } from '#domain/run/orchestration-fold.ts'
import type { GivenVerdict } from '#domain/run/verdict.ts'
import { fileLines } from './file-lines.ts'
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
const LEAST_VALUE = 20
const MOST_FINDING = 20
const MOST_VERDICTS = 50
const MOST_WRITES = 200
/** Rows of one node. */
const MOST_TIMES = 20
const MOST_COLUMN = 24
const TIME = 7

/** An orchestration's run for people: its nodes, its verdicts, what happened when, and who wrote what. */
export function courseLines({ goal, nodes, ...course }: Course, layout: CourseLayout): readonly string[] {
  const { columns } = layout
  return [
    ...(goal === undefined ? [] : hung({ head: 'goal: ', width: 6, text: onOneLine(goal), columns })),
    ...nodesLines(nodes, layout),
    ...section('verdicts', verdictLines(course, layout)),
    ...section('timeline', timelineLines(course, layout)),
    ...section('files', fileLines(course.files, layout)),
    ...section('context', contextLines(course, layout)),
  ]
}

/** Of a node that was done very often, what failed and the last times. */
function nodesLines(nodes: readonly NodeState[], layout: CourseLayout): readonly string[] {
  const last = new Map<string, number>()
  const shown = nodes
    .toReversed()
    .filter(({ id, status }) => {
      const seen = last.get(id) ?? 0
      last.set(id, seen + 1)
      return seen < MOST_TIMES || (status === 'failed' && seen < MOST_MOMENTS)
    })
    .reverse()
  const left = nodes.length - shown.length
  return [...nodeLines(shown, layout), ...(left > 0 ? [`  … ${count(left, 'more row')}: ${whole(layout)}`] : [])]
}

/** The command that shows all of it. */
function whole({ runId }: CourseLayout): string {
  return `orchastration runs show ${runId} --json`
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

function verdictLines({ verdicts }: Pick<Course, 'verdicts'>, layout: CourseLayout): readonly string[] {
  const shown = verdicts.slice(-MOST_VERDICTS)
  const left = verdicts.length - shown.length
  const before = left > 0 ? [`  … ${count(left, 'more verdict')} before: ${whole(layout)}`] : []
  const lines = shown.flatMap((verdict) => [
    verdictHead(verdict, layout),
    ...hung({ head: '    ', width: 4, text: onOneLine(verdict.report), columns: layout.columns }),
    ...verdict.findings.flatMap((finding) => findingLines(finding, layout)),
  ])
  return [...before, ...lines]
}

function verdictHead(verdict: GivenVerdict, { since }: CourseLayout): string {
  const { writer, backend, at, status } = verdict
  const by = backend === null ? writer : `${writer}, ${backend}`
  return `  ${offset(at, since)}  ${nodeLabel(verdict)}  ${onOneLine(status)}  (${onOneLine(by)})`
}

/** What a check wrote stands below the finding, line by line. */
function findingLines(finding: string, { columns }: CourseLayout): readonly string[] {
  const [first = '', ...rest] = finding.trimEnd().split('\n')
  const shown = rest.slice(0, MOST_FINDING).map((line) => `      | ${onOneLine(line)}`)
  const left = rest.length - shown.length
  const more = left > 0 ? [`      … ${count(left, 'more line')}`] : []
  return [...hung({ head: '    - ', width: 6, text: onOneLine(first), columns }), ...shown, ...more]
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

function contextLines({ context: all }: Pick<Course, 'context'>, layout: CourseLayout): readonly string[] {
  const { columns, since } = layout
  const context = all.slice(-MOST_WRITES)
  const left = all.length - context.length
  const before = left > 0 ? [`  … ${count(left, 'more value')} before: ${whole(layout)}`] : []
  const width = (texts: readonly string[]) => widest(texts.map(onOneLine), MOST_COLUMN)
  const keys = width(context.map(({ key }) => key))
  const writers = width(context.map(writerOf))
  const rows = context.flatMap((entry) => {
    const who = `${onOneLine(entry.key).padEnd(keys)}  ${onOneLine(writerOf(entry)).padEnd(writers)}`
    const head = `  ${offset(entry.at, since)}  ${who}  `
    return [`${head}${valueText(entry.value, columns - head.length)}`]
  })
  return [...before, ...rows]
}

/** `planner (PlannerAgent)`: the step, and who took it; what the run began with is its own. */
function writerOf({ writer, step }: TimedEntry): string {
  return step === '' || step === writer ? writer : `${step} (${writer})`
}

/** On a terminal what has room in the row. */
function valueText(value: Json, room: number): string {
  const text = onOneLine(typeof value === 'string' ? value : JSON.stringify(value))
  return cut(text, room > 0 ? Math.min(MOST_VALUE, Math.max(LEAST_VALUE, room - 1)) : MOST_VALUE)
}

function offset(at: number, since: number): string {
  return `+${formatDuration(at - since)}`.padStart(TIME)
}
