import { formatDuration } from '#base/duration.ts'
import type { Moment } from '#domain/run/moment.ts'
import type { Paint } from './io.ts'
import { statusWord } from './node-lines.ts'

/** What happened at a moment, in one line. */
export function momentWords(moment: Moment, paint: Paint): string {
  const { kind, what, note } = moment
  switch (kind) {
    case 'node':
      return moment.status === null ? `${what}${inBrackets(note)}` : endWords(moment, paint)
    case 'step':
      // Steps stand further in than their node.
      return `  ${stepWords(moment, paint)}`
    case 'steering':
      return `steered: ${what}${inBrackets(note)}`
    case 'question':
    case 'answer':
      return `${what}${inBrackets(note)}`
    default:
      return note === '' ? what : `${what}: ${note}`
  }
}

function endWords({ status, took_ms, note }: Moment, paint: Paint): string {
  const took = took_ms === null ? '' : ` after ${formatDuration(took_ms)}`
  const word = status === null || status === 'refused' ? '' : statusWord(status, paint)
  return `${word}${took}${note === '' ? '' : `${took === '' ? ' ' : ': '}${note}`}`
}

/** Only what did not go well has a word of its own. */
export function stepWords(
  { what, status, took_ms, note }: Pick<Moment, 'what' | 'status' | 'took_ms' | 'note'>,
  paint: Paint,
): string {
  const word = status === 'failed' ? paint.bad('FAIL') : status === 'refused' ? paint.bad('refused') : ''
  const took = took_ms === null ? '' : formatDuration(took_ms)
  return [what, word, took, note].filter((part) => part !== '').join(' · ')
}

function inBrackets(note: string): string {
  return note === '' ? '' : ` (${note})`
}
