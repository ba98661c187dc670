import { FoldedWalk } from './masker-folded-walk.ts'
import type { Trees } from './masker-trees.ts'
import type { WordTree } from './word-tree.ts'

/** A part of a stream, by its places. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** From where a word may begin until none goes on, again and again: two ways through the same bytes, as they are and without folds. */
export class Walk {
  readonly #plain: WordTree
  readonly #folded: FoldedWalk
  #state = 0
  #at = 0

  constructor(trees: Trees) {
    this.#plain = trees.plain
    this.#folded = new FoldedWalk(trees)
  }

  /** Goes on from here, where it is over. */
  moveTo(at: number): void {
    this.#at = at
  }

  /** Whether no word that began goes on. */
  get isOver(): boolean {
    return this.#state === 0 && !this.#folded.isOn
  }

  /** The first place at which a word may begin that is not over. */
  get start(): number {
    return Math.min(this.#at - this.#plain.depthOf(this.#state), this.#folded.start)
  }

  /** Takes the next byte; gives the longest word that ends with it, if one does. */
  take(byte: number): Span | undefined {
    const at = this.#at
    this.#at = at + 1
    this.#state = this.#plain.next(this.#state, byte)
    const length = this.#plain.wordAt(this.#state)
    const start = Math.min(length > 0 ? at + 1 - length : at + 1, this.#folded.take(byte, at))
    return start > at ? undefined : { start, end: at + 1 }
  }
}
