import type { Tails } from './masker-trees.ts'
import type { WordTree } from './word-tree.ts'

const NOWHERE = Number.POSITIVE_INFINITY

/** Words whose first letter was passed over as a part of a quoted line break: such a break stands before the others. */
export class TailWalk {
  readonly #letter: string
  readonly #tree: WordTree
  #state = 0
  /** Where a word began if its second byte was one of the last, by their number, in a ring; nowhere if it was not. */
  readonly #starts: Float64Array
  readonly #places: Float64Array
  #count = 0
  /** The last of those that may be the second byte of a word. */
  #lastStart = -1
  /** Where the first such letter is among the breaks before the next byte. */
  #letterAt = NOWHERE

  constructor({ letter, tree }: Tails) {
    this.#letter = letter
    this.#tree = tree
    this.#starts = new Float64Array(tree.longest + 1)
    this.#places = new Float64Array(tree.longest + 1)
  }

  get isOn(): boolean {
    return this.#state !== 0
  }

  /** Before this, no word began that may go on. */
  get start(): number {
    if (this.#state === 0) return NOWHERE
    const index = (this.#count - this.#tree.depthOf(this.#state)) % this.#places.length
    return Math.min(this.#starts[index] ?? NOWHERE, this.#places[index] ?? NOWHERE)
  }

  /** Passes over a line break. */
  pass(fold: string, at: number): void {
    const index = fold.indexOf(this.#letter)
    if (index !== -1) this.#letterAt = Math.min(this.#letterAt, at + index)
  }

  /** Takes the next byte that counts; gives where the longest word begins that ends with it. */
  take(byte: number, at: number): number {
    const letterAt = this.#letterAt
    if (this.#state === 0 && letterAt === NOWHERE) return NOWHERE
    this.#letterAt = NOWHERE
    this.#starts[this.#count % this.#starts.length] = letterAt
    this.#places[this.#count % this.#places.length] = at
    if (letterAt !== NOWHERE) this.#lastStart = this.#count
    this.#count += 1
    this.#state = this.#tree.next(this.#state, byte)
    if (this.#count - this.#tree.depthOf(this.#state) > this.#lastStart) this.#state = 0
    return this.#state === 0 ? NOWHERE : this.#startOfWord()
  }

  #startOfWord(): number {
    for (const length of this.#tree.wordsAt(this.#state)) {
      const index = this.#count - length
      if (index > this.#lastStart) return NOWHERE
      const start = this.#starts[index % this.#starts.length] ?? NOWHERE
      if (start !== NOWHERE) return start
    }
    return NOWHERE
  }
}
