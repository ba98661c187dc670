import { describe, expect, test } from 'vitest'
import { parseSize } from '#base/size.ts'

describe('a size', () => {
  test.each([
    ['10MB', 10_000_000],
    ['1G', 1_073_741_824],
    ['512KiB', 524_288],
    ['1.5kb', 1500],
    ['7 B', 7],
    ['0b', 0],
  ])('%s', (text, expected) => {
    expect(parseSize(text)).toEqual({ ok: true, value: expected })
  })

  test.each(['', '10', 'MB', '1 0MB', '-1MB', '1XB', '1e3MB', '1constructor'])('is none: %j', (text) => {
    expect(parseSize(text)).toEqual({ ok: false, error: 'malformed' })
  })

  test('that no number can hold is refused', () => {
    expect(parseSize('99999999TB')).toEqual({ ok: false, error: 'too_large' })
  })
})
