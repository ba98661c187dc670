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
    for (const run of json ? [] : runs) {
      const until = run.endedAt ?? services.clock.now()
      const status = run.interrupted ? 'interrupted' : run.status
      const time = formatDuration(until - run.queuedAt).padStart(7)
      io.out(
        `${run.id}  ${status.padEnd(11)}  ${onOneLine(run.name).padEnd(width)}  ${time}  ${wholeSeconds(run.queuedAt)}\n`,
      )
    }
    return 0
  },
}))
