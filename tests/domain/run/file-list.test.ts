import { expect, test } from 'vitest'
import { type ListedFile, listDifferences, listText } from '#domain/run/file-list.ts'

const file = (path: string, digit: string, mark: ListedFile['mark'] = 'f'): ListedFile => ({
  path,
  mark,
  digest: digit.repeat(64),
})

test('lists of files differ by what was changed, added and removed, whatever the names', () => {
  const odd = 'a\n"b" f \udcff'
  const before = listText([file('gone', '1'), file(odd, '2'), file('run.sh', '3'), file('same', '4')])
  const after = listText([file(odd, '5'), file('new', '1'), file('run.sh', '3', 'x'), file('same', '4')])
  expect(listDifferences(before, after)).toEqual([
    { kind: 'changed', path: odd },
    { kind: 'added', path: 'new' },
    { kind: 'changed', path: 'run.sh' },
    { kind: 'removed', path: 'gone' },
  ])
  expect(listDifferences(before, before)).toEqual([])
})
