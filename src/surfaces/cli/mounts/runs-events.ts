import { describeFailure } from '#app/failure-text.ts'
import { OrketEvents } from '#domain/orket/orket-events.ts'
import { eventLine } from '../event-line.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

/** `runs events`: a line an event; with `--json` a document a line, in Orket's form the lines of its event stream. */
export const runsEvents = mount<unknown>(({ io, json, options }) => {
  let orket: OrketEvents | undefined
  return {
    report: (progress) => {
      if (progress.kind === 'failed') io.alert.note(`${describeFailure(progress.failure).headline}\n`)
      if (progress.kind === 'note') io.note(`${progress.text}\n`)
      if (progress.kind !== 'event') return
      if (options['format'] === 'orket') {
        orket ??= OrketEvents.begin(progress.event)
        for (const line of orket?.add(progress.event) ?? []) io.out(`${JSON.stringify(line)}\n`)
      } else if (json) printJson(io, 'runs events', snakeKeys(progress.event))
      else io.out(`${eventLine(progress.event)}\n`)
    },
    answer: () => 0,
  }
})
