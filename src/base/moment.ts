import { parseDuration } from './duration.ts'
import { err, ok, type Result } from './result.ts'

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/
const DATE = /^\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/

/**
 * Milliseconds since the epoch of a moment as people write it: `2026-11-20T02:00:00Z`, `2026-11-20 02:00` and
 * `2026-11-20` (local time), `02:00` (the last time that it was), or how long ago, such as `90m` or `2d ago`.
 */
export function parseMoment(text: string, now: number): Result<number, 'malformed'> {
  const clock = CLOCK.exec(text)
  if (clock !== null) return ok(lastTime(clock.slice(1).map(Number), now))
  const ago = parseDuration(text.replace(/ +ago$/, ''))
  if (ago.ok) return ok(now - ago.value)
  if (!DATE.test(text)) return err('malformed')
  // A date alone would be read as one of UTC; with a time it is local.
  const at = Date.parse(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'))
  return Number.isNaN(at) ? err('malformed') : ok(at)
}

function lastTime([hours = 0, minutes = 0, seconds = 0]: readonly number[], now: number): number {
  const day = new Date(now)
  day.setHours(hours, minutes, Number.isNaN(seconds) ? 0 : seconds, 0)
  if (day.getTime() > now) day.setDate(day.getDate() - 1)
  return day.getTime()
}
