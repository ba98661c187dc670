import type { JobEnd } from '#app/command-ends.ts'
import type { OutputPaths } from '#app/services.ts'
import { formatDuration } from '#base/duration.ts'
import { count, onOneLine } from '#base/text.ts'
import { copyRange } from './copy-range.ts'
import { fileNoteLines, upToDateText } from './file-words.ts'
import type { Notes, Paint } from './io.ts'
import { causeOf, isCancelled } from './job-lines.ts'

/** Piped, so much of each output is passed on; what is left out is said. */
const GROUP_BYTES = 1024 * 1024
const LINE_FEED = 0x0a

interface GroupPlace {
  readonly notes: Notes
  readonly paint: Paint
  readonly files: OutputPaths
  readonly runId: string
}

/** Shows everything that a job wrote, in one piece, under a line that says whose it is. */
export function showGroup({ job, report, failure }: JobEnd, { notes, paint, files, runId }: GroupPlace): void {
  const time = formatDuration(report.ended_at - report.started_at)
  const success = paint.good(upToDateText(report) ?? 'ok')
  const state = failure === undefined ? success : isCancelled(failure) ? causeOf(failure) : paint.bad(causeOf(failure))
  notes.note(`${onOneLine(job)} · ${state} · ${time}
`)
  for (const line of fileNoteLines(job, report))
    notes.note(`${line}
`)
  let last = LINE_FEED
  for (const stream of ['stdout', 'stderr'] as const) {
    const { digest, bytes } = report[stream]
    if (bytes === 0) continue
    const from = Math.max(0, bytes - GROUP_BYTES)
    if (from > 0) notes.note(`… ${count(from, 'byte')} more: orchastration runs logs ${runId} ${job}\n`)
    copyRange(files.artifact(digest), { from, until: bytes }, (chunk) => {
      notes.bytes(chunk, 'note')
      last = chunk.at(-1) ?? last
    })
  }
  // What comes next, of ours or of another job, begins a line.
  if (last !== LINE_FEED) notes.note('\n')
}
