import { describeFailure } from '#app/failure-text.ts'
import { cut } from '#base/text.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

const TYPE_COLUMNS = 20
const NAME_COLUMNS = 20
const ACTOR_COLUMNS = 13

/** `runs events`: a line an event; with `--json` a document a line. */
export const runsEvents = mount<unknown>(({ io, json }) => ({
  report: (progress) => {
    if (progress.kind === 'failed') io.note(`${describeFailure(progress.failure).headline}\n`)
    if (progress.kind === 'note') io.note(`${progress.text}\n`)
    if (progress.kind !== 'event') return
    if (json) printJson(io, 'runs events', snakeKeys(progress.event))
    else io.out(`${eventLine(progress.event)}\n`)
  },
  answer: () => 0,
}))

/** At most 80 columns: the day is that of the run, and `--json` has everything whole. */
function eventLine(event: RunEvent): string {
  const { seq, at, actor, type, body } = event
  const name = 'name' in body ? body.name : 'signal' in body && body.signal !== null ? body.signal : ''
  const number = 'number' in body ? `#${body.number}` : ''
  const time = new Date(at).toISOString().slice('2026-01-01T'.length)
  const subject = cut(`${number} ${name}`.trim(), NAME_COLUMNS)
  const columns = [String(seq).padStart(6), time, type.padEnd(TYPE_COLUMNS), subject.padEnd(NAME_COLUMNS)]
  return [...columns, cut(actor, ACTOR_COLUMNS)].join('  ').trimEnd()
}
