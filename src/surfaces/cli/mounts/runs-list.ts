import type { RunSummary } from '#app/store-port.ts'
import { formatDuration } from '#base/duration.ts'
import { onOneLine } from '#base/text.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import { mount, printJson, runFields } from '../mount.ts'

/** One run of many jobs does not push the columns of all the others away. */
const NAME_COLUMNS = 24

/** `runs list`: a line a run, the newest first. */
export const runsList = mount<readonly RunSummary[]>(({ io, json, services }) => ({
  answer: (runs) => {
    if (json) printJson(io, 'runs list', { runs: runs.map(runFields) })
    else if (runs.length === 0) io.note('no runs recorded\n')
    const width = Math.min(NAME_COLUMNS, Math.max(0, ...runs.map(({ name }) => name.length)))
    for (const run of json ? [] : runs) io.out(lineOf(run, { width, now: services.clock.now() }))
    return 0
  },
}))

function lineOf(run: RunSummary, { width, now }: { readonly width: number; readonly now: number }): string {
  const status = (run.interrupted ? 'interrupted' : run.status).padEnd(11)
  const time = formatDuration((run.endedAt ?? now) - run.queuedAt).padStart(7)
  const marks = `${run.scripted ? '  scripted' : ''}${run.erasedAt === null ? '' : '  erased'}`
  return `${run.id}  ${status}  ${onOneLine(run.name).padEnd(width)}  ${time}  ${wholeSeconds(run.queuedAt)}${marks}\n`
}
