import type { JobEnd } from '#app/follow.ts'
import type { OutputPaths } from '#app/services.ts'
import { formatDuration } from '#base/duration.ts'
import { count, cut, printable } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { copyRange } from './copy-range.ts'
import { causeOf } from './job-lines.ts'

/** Of each output of a failed job, so many last lines stand in the terminal; the rest is one command away. */
const TAIL_LINES = 10
const TAIL_BYTES = 64 * 1024
const COMMAND_COLUMNS = 100

/** What a failed job ran, how that ended, and the end of what it wrote. */
export function failureLines(
  { job, report, failure }: JobEnd & { readonly failure: Failure },
  { files, runId }: { readonly files: OutputPaths; readonly runId: string },
): readonly string[] {
  const command = cut(report.argv.join(' '), COMMAND_COLUMNS)
  const time = formatDuration(report.ended_at - report.started_at)
  const title = `${printable(job)} · ${command} · ${causeOf(failure)}${hasRun(failure) ? ` after ${time}` : ''}`
  const written = (['stdout', 'stderr'] as const).filter((stream) => report[stream].bytes > 0)
  const tails = written.flatMap((stream) => {
    const name = written.length > 1 ? [`  ${stream}`] : []
    return [...name, ...tailOf(files, report[stream], `orchastration runs logs ${runId} ${job}`)]
  })
  return [title, ...tails]
}

/** Whether the command ran at all, so that it took some time until it ended. */
function hasRun({ code }: Failure): boolean {
  return code === 'command_failed' || code === 'command_killed' || code === 'timed_out' || code === 'cancelled'
}

function tailOf(
  files: OutputPaths,
  { digest, bytes }: { readonly digest: string; readonly bytes: number },
  command: string,
): readonly string[] {
  const chunks: Uint8Array[] = []
  const from = Math.max(0, bytes - TAIL_BYTES)
  copyRange(files.artifact(digest), { from, until: bytes }, (chunk) => chunks.push(chunk.slice()))
  const lines = Buffer.concat(chunks).toString('utf8').replace(/\n$/, '').split('\n')
  const shown = lines.slice(-TAIL_LINES).map((line) => `  | ${printable(line)}`)
  const hidden = lines.length - shown.length
  if (hidden === 0 && from === 0) return shown
  return [`  | … ${from > 0 ? 'many more lines' : count(hidden, 'more line')}: ${command}`, ...shown]
}
