import { TailWalk } from './masker-tail-walk.ts'
import type { Trees } from './masker-trees.ts'
import type { WordTree } from './word-tree.ts'

/** Line breaks as they stand in folded text, also where that is quoted. */
export const FOLDS = ['\n', '\r\n', '\\n', '\\r\\n'].map((fold) => Buffer.from(fold))

const NOWHERE = Number.POSITIVE_INFINITY
const FOLD_TEXTS = FOLDS.map(String)
const FOLD_STARTS: ReadonlySet<number> = new Set(FOLDS.map((fold) => fold.readUInt8(0)))

/**
 * Words that go on behind line breaks. No word has any of the bytes that begin one, so within a word a break can be
 * nothing else; but at the letter of a quoted break a word may begin, and that is what the tails are for.
 */
export class FoldedWalk {
  readonly #tree: WordTree
  readonly #tails: readonly TailWalk[]
  #state = 0
  /** Where the last bytes were that count, as many as the longest word has: by their number, in a ring. */
  readonly #places: Float64Array
  #count = 0
  /** Bytes that may become a fold. */
  #fold = ''

  constructor({ folded, tails }: Trees) {
    this.#tree = folded
    this.#places = new Float64Array(folded.longest + 1)
    this.#tails = tails.map((one) => new TailWalk(one))
  }

  /** Whether a word began that may go on. */
  get isOn(): boolean {
    return this.#state !== 0 || this.#tails.some(({ isOn }) => isOn)
  }

  /** Where the first word began that may go on; nowhere is behind everything. */
  get start(): number {
    const start = this.#state === 0 ? NOWHERE : this.#placeOf(this.#tree.depthOf(this.#state))
    return this.#tails.reduce((first, tail) => Math.min(first, tail.start), start)
  }

  /** Takes the next byte; gives where the longest word begins that ends with it, nowhere if none does. */
  take(byte: number, at: number): number {
    if (this.#fold === '') {
      if (!FOLD_STARTS.has(byte) || !this.isOn) return this.#step(byte, at)
      this.#goOn(String.fromCharCode(byte), at)
      return NOWHERE
    }
    const fold = this.#fold + String.fromCharCode(byte)
    if (FOLD_TEXTS.some((text) => text.startsWith(fold))) {
      this.#goOn(fold, at)
      return NOWHERE
    }
    // What looked like a fold was none, but another may begin within it.
    const held = Buffer.from(this.#fold)
    this.#fold = ''
    const first = at - held.length
    this.#step(held.readUInt8(0), first)
    for (const [index, one] of held.subarray(1).entries()) this.take(one, first + 1 + index)
    return this.take(byte, at)
  }

  /** Bytes up to this place are a fold, or begin one. */
  #goOn(fold: string, at: number): void {
    const isWhole = FOLD_TEXTS.includes(fold)
    this.#fold = isWhole ? '' : fold
    if (isWhole) for (const tail of this.#tails) tail.pass(fold, at + 1 - fold.length)
  }

  #step(byte: number, at: number): number {
    let start = NOWHERE
    for (const tail of this.#tails) start = Math.min(start, tail.take(byte, at))
    this.#state = this.#tree.next(this.#state, byte)
    if (this.#state === 0) return start
    this.#places[this.#count % this.#places.length] = at
    this.#count += 1
    const length = this.#tree.wordAt(this.#state)
    return length > 0 ? Math.min(start, this.#placeOf(length)) : start
  }

  /** The place of the byte that came so many before the next one. */
  #placeOf(back: number): number {
    return this.#places[(this.#count - back) % this.#places.length] ?? 0
  }
}
