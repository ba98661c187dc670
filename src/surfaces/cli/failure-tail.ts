import type { JobEnd } from '#app/command-ends.ts'
import type { OutputPaths } from '#app/services.ts'
import { formatDuration } from '#base/duration.ts'
import { count, cut, printable } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { copyRange } from './copy-range.ts'
import { causeOf } from './job-lines.ts'
import { restingLine } from './terminal-text.ts'

/** Of all that failed jobs wrote, about so many last lines stand in the terminal; the rest is one command away. */
const ALL_LINES = 200
/** However many failed, each has so many; and what a person ended needs no more to be known again. */
const LEAST_LINES = 10
/** After so many failures nobody reads on: the others are counted. */
const MOST_JOBS = 20
const TAIL_BYTES = 64 * 1024
const COMMAND_COLUMNS = 100

type Failed = JobEnd & { readonly failure: Failure }

interface Where {
  readonly files: OutputPaths
  readonly runId: string
}

/** What each failed job ran, how that ended, and the end of what it wrote. */
export function failureText(failed: readonly Failed[], where: Where): string {
  const shown = failed.slice(0, MOST_JOBS)
  const most = Math.max(LEAST_LINES, Math.floor(ALL_LINES / shown.length))
  const blocks = shown.map((end) => `\n${failureLines(end, most, where).join('\n')}\n`)
  const others = failed.length - shown.length
  if (others > 0) blocks.push(`\nand ${count(others, 'more failed job')}: orchastration runs show ${where.runId}\n`)
  return blocks.join('')
}

function failureLines({ job, report, failure }: Failed, most: number, { files, runId }: Where): readonly string[] {
  const command = cut(report.argv.join(' '), COMMAND_COLUMNS)
  const time = formatDuration(report.ended_at - report.started_at)
  const title = `${printable(job)} · ${command} · ${causeOf(failure)}${hasRun(failure) ? ` after ${time}` : ''}`
  const written = (['stdout', 'stderr'] as const).filter((stream) => report[stream].bytes > 0)
  const tails = written.flatMap((stream) => {
    const name = written.length > 1 ? [`  ${stream}`] : []
    const { shown, hidden } = tailOf(files, report[stream], failure.code === 'cancelled' ? LEAST_LINES : most)
    const more = hidden === '' ? [] : [`  | … ${hidden}: orchastration runs logs ${runId} ${job}`]
    return [...name, ...more, ...shown.map((line) => `  | ${line}`)]
  })
  return [title, ...tails]
}

/** Whether the command ran at all, so that it took some time until it ended. */
function hasRun({ code }: Failure): boolean {
  return code === 'command_failed' || code === 'command_killed' || code === 'timed_out' || code === 'cancelled'
}

interface Tail {
  readonly shown: readonly string[]
  /** What stands before it, in words; empty if nothing does. */
  readonly hidden: string
}

function tailOf(
  files: OutputPaths,
  { digest, bytes }: { readonly digest: string; readonly bytes: number },
  most: number,
): Tail {
  const chunks: Uint8Array[] = []
  const from = Math.max(0, bytes - TAIL_BYTES)
  copyRange(files.artifact(digest), { from, until: bytes }, (chunk) => chunks.push(Buffer.from(chunk)))
  const lines = Buffer.concat(chunks).toString('utf8').replace(/\n$/, '').split('\n')
  const shown = lines.slice(-most)
  const left = lines.length - shown.length
  const hidden = from > 0 ? 'many more lines' : left > 0 ? count(left, 'more line') : ''
  return { shown: shown.map(restingLine), hidden }
}
