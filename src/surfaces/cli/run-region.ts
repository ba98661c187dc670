import { formatDuration } from '#base/duration.ts'
import { grouped } from '#base/text.ts'
import type { Size } from './io.ts'
import { LEAST_WIDTH, movingLine, NARROW } from './job-lines.ts'
import { cutToWidth } from './terminal-text.ts'

/** More rows would be more than anybody reads while they move. */
const MOST_ROWS = 20
/** Rows of output that one job alone has, and each of several. */
const TAIL_OF_ONE = 5
const TAIL_OF_FEW = 2
const FEW = 4
/** Terminals have at least so many rows. */
const USUAL_ROWS = 24

export interface RunningJob {
  readonly number: number
  readonly name: string
  readonly runsMs: number
}

export interface RunShown {
  readonly running: readonly RunningJob[]
  readonly ended: number
  readonly failed: number
  readonly cancelled: number
  readonly total: number
  /** The column of names. */
  readonly width: number
  /** The last lines that a job wrote, at most so many. */
  readonly tail: (number: number, most: number) => readonly string[]
}

/**
 * What moves while a run goes on: each running job with its time and the end of its output below it, and how far the
 * run is. Never more rows than the terminal has, and no row wider than it; one line where its size is unknown.
 */
export function regionLines(shown: RunShown, { columns, rows }: Size): readonly string[] {
  const { running, width, total } = shown
  if (running.length === 0) return []
  const height = Math.min(MOST_ROWS, (rows || USUAL_ROWS) - 2)
  // The last column stays free: what stands there would break the row on some terminals; so does ^C behind the last.
  const room = columns - 3
  if (columns === 0 || height < 2 || room < 12) {
    return [movingLine(running, { width: Math.max(LEAST_WIDTH, width), columns: columns || 80 })]
  }
  const jobRows = total > 1 ? height - 1 : height
  const named = running.slice(0, jobRows)
  const most = Math.min(tailRows(named.length), Math.floor((jobRows - named.length) / named.length))
  const lines = named.flatMap((job) => [
    jobRow(job, width, columns),
    ...(most > 0
      ? shown.tail(job.number, most).map((line) => `${columns < NARROW ? '  | ' : '        | '}${line}`)
      : []),
  ])
  const all = total > 1 ? [...lines, progressRow(shown, running.length - named.length)] : lines
  return all.map((line) => cutToWidth(line, room))
}

function tailRows(jobs: number): number {
  if (jobs === 1) return TAIL_OF_ONE
  return jobs <= FEW ? TAIL_OF_FEW : 1
}

function jobRow({ name, runsMs }: RunningJob, width: number, columns: number): string {
  const time = formatDuration(runsMs)
  if (columns < NARROW) return `run ${cutToWidth(name, Math.max(4, columns - 12))} ${time}`
  return `  run   ${cutToWidth(name, width).padEnd(width)}  ${time.padStart(6)}`
}

function progressRow({ running, ended, failed, cancelled, total }: RunShown, unnamed: number): string {
  const parts = [
    `${grouped(ended)} of ${grouped(total)} done`,
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
    ...(cancelled > 0 ? [`${grouped(cancelled)} cancelled`] : []),
    `${grouped(running.length)} running${unnamed > 0 ? `, ${grouped(unnamed)} of them not shown` : ''}`,
  ]
  return `  ${parts.join(' · ')}`
}
