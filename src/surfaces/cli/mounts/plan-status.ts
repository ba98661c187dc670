import type { TaskState } from '#app/store-port.ts'
import { onOneLine } from '#base/text.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import { mount, printJson } from '../mount.ts'

/** `plan status`: the ancestor's line. */
export const planStatus = mount<TaskState>(({ io, json }) => ({
  answer: ({ task, status, action, lastRun, runId }) => {
    if (json) printJson(io, 'plan status', { task, status, action, last_run: lastRun, run: runId })
    else io.out(`${onOneLine(task)} status=${status} last_run=${wholeSeconds(lastRun)}\n`)
    return 0
  },
}))
