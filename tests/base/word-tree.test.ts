import { expect, test } from 'vitest'
import { WordTree } from '#base/word-tree.ts'

/** The longest word that ends at each place of a text. */
function endsOf(words: readonly string[], text: string): readonly number[] {
  const tree = new WordTree(words.map((word) => Buffer.from(word)))
  let state = 0
  return Array.from(Buffer.from(text), (byte) => {
    state = tree.next(state, byte)
    return tree.wordAt(state)
  })
}

test('tells the longest word that ends at a place, whatever else begins there', () => {
  expect(endsOf(['he', 'she', 'hers', 'usher'], 'ushers')).toEqual([0, 0, 0, 3, 5, 4])
  expect(endsOf(['aa', 'aaaa'], 'aaaaab')).toEqual([0, 2, 2, 4, 4, 0])
  expect(endsOf([], 'abc')).toEqual([0, 0, 0])
})

test('knows how many of the last bytes may begin a word', () => {
  const tree = new WordTree(['abab', 'bc'].map((word) => Buffer.from(word)))
  const depths: number[] = []
  let state = 0
  for (const byte of Buffer.from('abacbabab')) {
    state = tree.next(state, byte)
    depths.push(tree.depthOf(state))
  }
  expect(depths).toEqual([1, 2, 3, 0, 1, 1, 2, 3, 4])
  expect(tree.longest).toBe(4)
})

test('has room for many words', () => {
  const words = Array.from({ length: 5000 }, (_, index) => `${index * 7919}:`)
  const ends = endsOf(words, words.join(''))
  expect(ends.filter((length) => length > 0).length).toBeGreaterThanOrEqual(words.length)
})
