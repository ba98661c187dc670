import { err, ok, type Result } from './result.ts'

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const LONGEST_MS = 10 * 365 * UNIT_MS.d

/**
 * Milliseconds of a duration as people write it: one or more of `<number><unit>`, largest unit first or not, such as
 * `30m`, `1h30m`, `1.5s`. Units: ms, s, m, h, d, w. A bare number is refused, since readers disagree on its unit.
 */
export function parseDuration(text: string): Result<number, 'malformed' | 'too_long'> {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/gy)]
  const matched = parts.reduce((length, part) => length + part[0].length, 0)
  if (parts.length === 0 || matched !== text.length) return err('malformed')
  const total = parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS], 0)
  return total > LONGEST_MS ? err('too_long') : ok(Math.round(total))
}

/** A duration for people, in at most two units: `0.8s`, `41s`, `3m12s`, `2h05m`, `3d04h`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`
  return `${Math.floor(whole / 86_400)}d${two(Math.floor((whole % 86_400) / 3600))}h`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
