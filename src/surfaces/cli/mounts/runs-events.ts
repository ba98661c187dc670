import { describeFailure } from '#app/failure-text.ts'
import { eventLine } from '../event-line.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

/** `runs events`: a line an event; with `--json` a document a line. */
export const runsEvents = mount<unknown>(({ io, json }) => ({
  report: (progress) => {
    if (progress.kind === 'failed') io.alert.note(`${describeFailure(progress.failure).headline}\n`)
    if (progress.kind === 'note') io.note(`${progress.text}\n`)
    if (progress.kind !== 'event') return
    if (json) printJson(io, 'runs events', snakeKeys(progress.event))
    else io.out(`${eventLine(progress.event)}\n`)
  },
  answer: () => 0,
}))
