import type { WordTree } from './word-tree.ts'

/** Line breaks as they stand in folded text, also where that is quoted. */
export const FOLDS = ['\n', '\r\n', '\\n', '\\r\\n'].map((fold) => Buffer.from(fold))

const FOLD_STARTS: ReadonlySet<number> = new Set(FOLDS.map((fold) => fold.readUInt8(0)))

/** A part of a stream, by its places. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** From where a word may begin until none goes on: two ways through the same bytes, as they are and without folds. */
export class Walk {
  readonly #plain: WordTree
  readonly #folded: FoldedWalk
  #state = 0
  #at: number

  constructor(trees: { readonly plain: WordTree; readonly folded: WordTree }, start: number) {
    this.#plain = trees.plain
    this.#folded = new FoldedWalk(trees.folded)
    this.#at = start
  }

  /** Whether no word that began goes on. */
  get isOver(): boolean {
    return this.#state === 0 && this.#folded.start === undefined
  }

  /** The first place at which a word may begin that is not over. */
  get start(): number {
    return Math.min(this.#at - this.#plain.depthOf(this.#state), this.#folded.start ?? this.#at)
  }

  /** Takes the next byte; gives the longest word that ends with it, if one does. */
  take(byte: number): Span | undefined {
    const at = this.#at
    this.#at = at + 1
    this.#state = this.#plain.next(this.#state, byte)
    const length = this.#plain.wordAt(this.#state)
    const folded = this.#folded.take(byte, at)
    const start = Math.min(length > 0 ? at + 1 - length : at + 1, folded ?? at + 1)
    return start > at ? undefined : { start, end: at + 1 }
  }
}

/** Words that go on behind line breaks. */
class FoldedWalk {
  readonly #tree: WordTree
  #state = 0
  /** Where the last bytes were that count, as many as the longest word has: by their number, in a ring. */
  readonly #places: Float64Array
  #count = 0
  /** Bytes that may become a fold. */
  #fold: number[] = []

  constructor(tree: WordTree) {
    this.#tree = tree
    this.#places = new Float64Array(tree.longest + 1)
  }

  /** Where the word began that may go on. */
  get start(): number | undefined {
    return this.#state === 0 ? undefined : this.#placeOf(this.#tree.depthOf(this.#state))
  }

  /** Takes the next byte; gives where the longest word begins that ends with it, if one does. */
  take(byte: number, at: number): number | undefined {
    if (this.#state !== 0 && this.#isFold(byte)) return undefined
    const held = this.#fold
    this.#fold = []
    // What looked like a fold was none.
    for (const [index, one] of held.entries()) this.#step(one, at - held.length + index)
    return this.#step(byte, at)
  }

  /** Whether the bytes up to this one are a line break, or may be one. No word has any of the bytes that begin one. */
  #isFold(byte: number): boolean {
    if (this.#fold.length === 0 && !FOLD_STARTS.has(byte)) return false
    const fold = [...this.#fold, byte]
    const alike = FOLDS.filter((one) => fold.every((value, index) => one[index] === value))
    if (alike.length === 0) return false
    this.#fold = alike.some((one) => one.length === fold.length) ? [] : fold
    return true
  }

  #step(byte: number, at: number): number | undefined {
    this.#state = this.#tree.next(this.#state, byte)
    if (this.#state === 0) return undefined
    this.#places[this.#count % this.#places.length] = at
    this.#count += 1
    const length = this.#tree.wordAt(this.#state)
    return length > 0 ? this.#placeOf(length) : undefined
  }

  /** The place of the byte that came so many before the next one. */
  #placeOf(back: number): number {
    return this.#places[(this.#count - back) % this.#places.length] ?? 0
  }
}
