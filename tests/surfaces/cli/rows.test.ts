import { describe, expect, test } from 'vitest'
import { below, hung } from '#surfaces/cli/rows.ts'

const row = (columns: number) => ({ head: '  build  ', width: 9, text: 'one two three four five six', columns })

describe('words behind a head', () => {
  test('stand on one row where it is long enough, or nobody knows', () => {
    expect(hung(row(0))).toEqual(['  build  one two three four five six'])
    expect(hung(row(40))).toEqual(['  build  one two three four five six'])
    expect(below(4, row(0))).toEqual(['  build  one two three four five six'])
  })

  test('go on below themselves, never wider than the terminal', () => {
    expect(hung(row(35))).toEqual(['  build  one two three four five', '         six'])
  })

  test('stand further to the left where there is little room', () => {
    expect(hung(row(24))).toEqual(['  build', '    one two three four', '    five six'])
    expect(below(8, row(24))).toEqual(['  build', '  one two three four', '  five six'])
  })

  test('that have no room beside their head stand whole below it', () => {
    expect(below(4, row(30))).toEqual(['  build', '    one two three four five', '    six'])
  })
})
