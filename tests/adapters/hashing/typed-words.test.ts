import { expect, test } from 'vitest'
import { typedWords } from '#adapters/hashing/typed-words.ts'

const bytes = (...words: string[]) => words.map((word) => Buffer.from(word, 'latin1'))

test('what was typed is found again byte by byte, in its order, also behind its option', () => {
  const line = () => bytes('orchastration', 'hash', 'a\xff', '--file=a\xfd', 'plain', 'a\xfe', '--file=a\xfc')
  const seen = ['a\ufffd', 'plain', 'a\ufffd', 'a\ufffd', 'a\ufffd']
  expect(typedWords(seen, line)).toEqual(['a\udcff', 'plain', 'a\udcfe', 'a\udcfd', 'a\udcfc'])
})

test('a name that really holds the sign for what is lost stays as it is', () => {
  expect(typedWords(['\ufffd'], () => [Buffer.from('\ufffd')])).toEqual(['\ufffd'])
})

test('where nobody can be asked, words stay as they were read', () => {
  expect(typedWords(['a\ufffd'], () => [])).toEqual(['a\ufffd'])
})
