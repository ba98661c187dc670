import { cut, grouped } from '#base/text.ts'
import type { RunEvent } from '#domain/run/event.ts'

const TYPE_COLUMNS = 20
const NAME_COLUMNS = 20
const ACTOR_COLUMNS = 13

/** At most 80 columns: the day is that of the run, and `--json` has everything whole. */
export function eventLine(event: RunEvent): string {
  const { seq, at, actor, type, body } = event
  const name =
    'name' in body
      ? body.name
      : 'node' in body
        ? (body.node ?? '')
        : 'signal' in body && body.signal !== null
          ? body.signal
          : ''
  const number = 'number' in body ? `#${body.number}` : ''
  const time = new Date(at).toISOString().slice('2026-01-01T'.length)
  const subject = cut(`${number} ${name}`.trim(), NAME_COLUMNS)
  const columns = [grouped(seq).padStart(6), time, type.padEnd(TYPE_COLUMNS), subject.padEnd(NAME_COLUMNS)]
  return [...columns, cut(actor, ACTOR_COLUMNS)].join('  ').trimEnd()
}
