import type { Disguise } from './disguises.ts'
import { WordTree } from './word-tree.ts'

/** Letters with which a quoted line break goes on, so that a word may begin within one. */
const LETTERS = ['n', 'r'] as const

/** All disguises, by how they are looked for. */
export interface Trees {
  /** Those that stand as they are. */
  readonly plain: WordTree
  /** Those that may be folded, walked over the text without its line breaks. */
  readonly folded: WordTree
  /** Of those that begin with such a letter, what follows it. */
  readonly tails: readonly Tails[]
}

export interface Tails {
  readonly letter: string
  readonly tree: WordTree
}

export function treesOf(disguises: readonly Disguise[]): Trees {
  const folded = disguises.filter(({ foldable }) => foldable).map(({ bytes }) => bytes)
  const tails = LETTERS.map((letter) => {
    const behind = folded.filter((bytes) => bytes[0] === letter.charCodeAt(0)).map((bytes) => bytes.subarray(1))
    return { letter, tree: new WordTree(behind) }
  })
  return {
    plain: new WordTree(disguises.filter(({ foldable }) => !foldable).map(({ bytes }) => bytes)),
    folded: new WordTree(folded),
    tails: tails.filter(({ tree }) => tree.longest > 0),
  }
}
