import type { RunSummary } from '#app/store-port.ts'
import { mount, printJson } from '../mount.ts'

/** `runs cancel`: how the run ended. */
export const runsCancel = mount<RunSummary>(({ io, json }) => ({
  answer: ({ id, status }) => {
    if (json) printJson(io, 'runs cancel', { run: id, status })
    else io.out(`run=${id} status=${status}\n`)
    // The run may have come to its own end first.
    return status === 'cancelled' ? 0 : 1
  },
}))
