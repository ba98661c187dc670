import type { Disguise } from './disguises.ts'
import { FOLDS } from './masker-folded-walk.ts'

const MOST_HEAD = 16
const FOLD = /\r?\n|(?:\\r)?\\n/g
/** What may be the beginning of a line break, where more is not known. */
const PART_OF_FOLD = /(?:\r|\\(?:r\\?)?)$/

/** Where disguises may begin: by their first bytes, of which all have equally many, also with line breaks among them. */
export class Heads {
  /** How many bytes a head has. */
  readonly length: number
  /** How far the end of the window may move on, by the two bytes at it; 0 where a head may be in it (Wu and Manber). */
  readonly #shifts: Uint8Array
  /** Whether a head may begin with two bytes: what is left to look at after this is little. */
  readonly #isFirst = new Uint8Array(65_536)
  /** Every beginning of a head, and of those that may be folded. */
  readonly #beginnings = new Set<string>()
  readonly #foldable = new Set<string>()

  constructor(disguises: readonly Disguise[]) {
    this.length = Math.min(MOST_HEAD, ...disguises.map(({ bytes }) => bytes.length))
    this.#shifts = new Uint8Array(65_536).fill(this.length - 1)
    for (const { bytes, foldable } of disguises) {
      const head = bytes.subarray(0, this.length)
      const text = Buffer.from(head).toString('latin1')
      for (let end = 1; end <= head.length; end++)
        (foldable ? this.#foldable : this.#beginnings).add(text.slice(0, end))
      this.#addPairs(head)
      if (foldable) this.#addFolds(head)
    }
    // A break may be followed by another.
    if (this.#foldable.size > 0) for (const one of FOLDS) for (const two of FOLDS) this.#addInner([...one, ...two])
  }

  /** Where the next head is; where there is none, from where on one may begin that is not whole yet. */
  next(bytes: Buffer, from: number): number {
    const [shifts, isFirst, most] = [this.#shifts, this.#isFirst, this.length - 1]
    const { length } = bytes
    for (let last = from + most; last < length; ) {
      const shift = shifts[((bytes[last - 1] ?? 0) << 8) | (bytes[last] ?? 0)] ?? 0
      last += shift
      if (shift > 0) continue
      const start = last - most
      const first = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)
      if (isFirst[first] === 1 && this.#mayBegin(bytes, start)) return start
      last += 1
    }
    let start = Math.max(from, length - most)
    while (start < length && !this.#mayBegin(bytes, start)) start += 1
    return start
  }

  /** Whether what is there, of as many bytes as a head has, begins a head. */
  #mayBegin(bytes: Buffer, start: number): boolean {
    const text = bytes.toString('latin1', start, Math.min(start + this.length, bytes.length))
    if (this.#beginnings.has(text) || this.#foldable.has(text)) return true
    const unfolded = text.replace(FOLD, '').replace(PART_OF_FOLD, '')
    return unfolded !== text && this.#foldable.has(unfolded)
  }

  #addPairs(head: Uint8Array): void {
    for (const [index, byte] of head.subarray(1).entries()) this.#add(head[index] ?? 0, byte, index + 1)
    this.#isFirst[((head[0] ?? 0) << 8) | (head[1] ?? 0)] = 1
  }

  /** Behind its first byte, breaks may move everything as far back as they like. */
  #addFolds(head: Uint8Array): void {
    const [first = 0] = head
    this.#addInner(head.subarray(1))
    for (const fold of FOLDS) {
      const opening = fold.readUInt8(0)
      this.#add(first, opening, 1)
      this.#isFirst[(first << 8) | opening] = 1
      for (const byte of head.subarray(1)) this.#addInner([byte, ...fold, byte])
    }
  }

  #addInner(bytes: ArrayLike<number>): void {
    for (let at = 1; at < bytes.length; at++) this.#add(bytes[at - 1] ?? 0, bytes[at] ?? 0, this.length - 1)
  }

  /** Two bytes of which the second may be at this place of a head. */
  #add(before: number, byte: number, place: number): void {
    const pair = (before << 8) | byte
    this.#shifts[pair] = Math.min(this.#shifts[pair] ?? 0, this.length - 1 - place)
  }
}
