import { err, ok, type Result } from './result.ts'

const KIB = 1024
const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  k: KIB,
  m: KIB ** 2,
  g: KIB ** 3,
  t: KIB ** 4,
  kib: KIB,
  mib: KIB ** 2,
  gib: KIB ** 3,
  tib: KIB ** 4,
}

/** Bytes of a size as people write it, such as `10MB` (decimal), `512KiB` or `1G` (binary). A bare number is refused. */
export function parseSize(text: string): Result<number, 'malformed' | 'too_large'> {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]{1,3})$/.exec(text) ?? []
  const factor = Object.hasOwn(UNIT_BYTES, unit.toLowerCase()) ? UNIT_BYTES[unit.toLowerCase()] : undefined
  if (number === undefined || factor === undefined) return err('malformed')
  const bytes = Math.round(Number(number) * factor)
  return Number.isSafeInteger(bytes) ? ok(bytes) : err('too_large')
}

/** A size for people, in decimal units: `512 B`, `1.5 kB`, `110 MB`. */
export function formatSize(bytes: number): string {
  let value = bytes
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 999.5) return `${unit === 'B' || value >= 99.95 ? Math.round(value) : trimmed(value)} ${unit}`
    value /= 1000
  }
  return `${trimmed(value)} TB`
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '')
}
