import { describeFailure } from '#app/failure-text.ts'
import { printable } from '#base/text.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { mount, snakeKeys } from '../mount.ts'

/** `runs events`: a line an event; with `--json` a document a line. */
export const runsEvents = mount<unknown>(({ io, json }) => ({
  report: (progress) => {
    if (progress.kind === 'failed') io.note(`${describeFailure(progress.failure).headline}\n`)
    if (progress.kind !== 'event') return
    if (json) io.out(`${JSON.stringify({ schema: 'orchastration.event/1', ...snakeKeys(progress.event) })}\n`)
    else io.out(`${eventLine(progress.event)}\n`)
  },
  answer: () => 0,
}))

function eventLine(event: RunEvent): string {
  const { seq, at, actor, type, body } = event
  const name = 'name' in body ? body.name : 'signal' in body && body.signal !== null ? body.signal : ''
  const number = 'number' in body ? `#${body.number}` : ''
  const time = new Date(at).toISOString()
  return [String(seq).padStart(6), time, type.padEnd(20), `${number} ${printable(name)}`.trim().padEnd(20), actor]
    .join('  ')
    .trimEnd()
}
