import { type Disguise, disguisesOf } from './disguises.ts'
import { FOLDS, type Span, Walk } from './masker-walk.ts'
import { WordTree } from './word-tree.ts'

/** Hides texts in others. */
export interface Mask {
  /** One stream's masker: it remembers what the last piece ended with. */
  stream(): Masker
  text(text: string): string
}

interface Masker {
  /** What can be shown after this piece. What may be the beginning of a hidden text is kept back. */
  push(piece: Uint8Array): Uint8Array
  /** The rest, once nothing more comes. */
  end(): Uint8Array
  /** Whether something was hidden so far. */
  readonly hasHidden: boolean
}

/** Fewer bytes are found in every other word. */
export const LEAST_MASKED = 4
const MOST_HEAD = 16
const STARS = Buffer.from('***')

/** Hides these texts, in all their disguises, each place of them under three stars. */
export function maskOf(texts: readonly string[]): Mask {
  const search = searchFor(texts.flatMap((text) => disguisesOf(text, LEAST_MASKED)))
  const stream = () => new StreamMasker(search)
  return {
    stream,
    text: (text) => {
      const masker = stream()
      return Buffer.concat([masker.push(Buffer.from(text)), masker.end()]).toString()
    },
  }
}

/**
 * How all disguises are looked for at once. Where none may begin is passed over by leaps, going by their first bytes, of
 * which all have equally many; from where one may begin, trees of them are walked, byte by byte, until none goes on.
 */
interface Search {
  readonly headBytes: number
  /** How far the end of the window may move on, by the two bytes at it; 0 where a head may be in it (Wu and Manber). */
  readonly shifts: Uint8Array
  readonly heads: ReadonlySet<string>
  /** Every proper beginning of a head. */
  readonly beginnings: ReadonlySet<string>
  /** Made when a head is found: most output has none. */
  readonly trees: () => Trees
}

interface Trees {
  /** Every disguise, as it is. */
  readonly plain: WordTree
  /** Those that may be folded, walked over the text without its line breaks. */
  readonly folded: WordTree
}

function searchFor(disguises: readonly Disguise[]): Search {
  const headBytes = Math.min(MOST_HEAD, ...disguises.map(({ bytes }) => bytes.length))
  const shifts = new Uint8Array(65_536).fill(headBytes - 1)
  const heads = new Set(disguises.flatMap((disguise) => headsOf(disguise, headBytes)))
  const beginnings = new Set<string>()
  for (const head of heads) {
    for (let end = 1; end < headBytes; end++) {
      beginnings.add(head.slice(0, end))
      const pair = (head.charCodeAt(end - 1) << 8) | head.charCodeAt(end)
      shifts[pair] = Math.min(shifts[pair] ?? 0, headBytes - 1 - end)
    }
  }
  let trees: Trees | undefined
  const make = () => {
    trees ??= {
      plain: new WordTree(disguises.map(({ bytes }) => bytes)),
      folded: new WordTree(disguises.filter(({ foldable }) => foldable).map(({ bytes }) => bytes)),
    }
    return trees
  }
  return { headBytes, shifts, heads, beginnings, trees: make }
}

/** The first bytes of a disguise, also with one line break among them: lines are never shorter than a head. */
function headsOf({ bytes, foldable }: Disguise, length: number): readonly string[] {
  const head = Buffer.from(bytes.subarray(0, length)).toString('latin1')
  if (!foldable) return [head]
  const heads = new Set([head])
  for (let at = 1; at < length; at++) {
    for (const fold of FOLDS) heads.add((head.slice(0, at) + fold.toString('latin1') + head.slice(at)).slice(0, length))
  }
  return [...heads]
}

class StreamMasker implements Masker {
  readonly #search: Search
  /** Bytes of which it is not known yet whether something hidden begins at one of them. */
  #kept: Buffer = Buffer.alloc(0)
  /** How many bytes of the stream came before those. */
  #before = 0
  /** How far the stream is hidden by what was shown as stars. */
  #covered = 0
  /** Hidden parts that are not shown yet, in order, no two of which overlap. */
  #hidden: Span[] = []
  #hasHidden = false
  /** Where one may have begun; undefined where none has. */
  #walk: Walk | undefined

  constructor(search: Search) {
    this.#search = search
  }

  get hasHidden(): boolean {
    return this.#hasHidden
  }

  push(piece: Uint8Array): Uint8Array {
    const known = this.#before + this.#kept.length
    const bytes = this.#kept.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#kept, piece])
    return this.#show(bytes, this.#read(bytes, this.#walk === undefined ? this.#before : known))
  }

  end(): Uint8Array {
    this.#walk = undefined
    return this.#show(this.#kept, this.#before + this.#kept.length)
  }

  /** Reads on from a place of the stream; gives the place before which everything is known. */
  #read(bytes: Buffer, from: number): number {
    const end = this.#before + bytes.length
    for (let at = from; ; ) {
      if (this.#walk === undefined) {
        const start = this.#before + nextHead(this.#search, bytes, at - this.#before)
        if (end - start < this.#search.headBytes) return start
        at = start
        this.#walk = new Walk(this.#search.trees(), start)
      }
      const walk = this.#walk
      let isOver = false
      while (at < end && !isOver) {
        const span = walk.take(bytes[at - this.#before] ?? 0)
        at += 1
        if (span !== undefined) this.#hide(span)
        isOver = walk.isOver
      }
      if (!isOver) return walk.start
      this.#walk = undefined
    }
  }

  /** Spans come by their ends; those that overlap become one. */
  #hide(span: Span): void {
    this.#hasHidden = true
    let { start } = span
    for (let last = this.#hidden.at(-1); last !== undefined && last.end > start; last = this.#hidden.at(-1)) {
      start = Math.min(start, last.start)
      this.#hidden.pop()
    }
    this.#hidden.push({ start, end: span.end })
  }

  /** Shows what is before this place. Of hidden texts that overlap, all of them are covered by the same stars. */
  #show(bytes: Buffer, until: number): Uint8Array {
    const shown: Uint8Array[] = []
    const part = (from: number, to: number) => {
      if (to > from) shown.push(bytes.subarray(from - this.#before, to - this.#before))
    }
    let at = Math.max(this.#before, this.#covered)
    let taken = 0
    for (const { start, end } of this.#hidden) {
      if (start >= until) break
      taken += 1
      part(at, start)
      if (start >= this.#covered) shown.push(STARS)
      this.#covered = Math.max(this.#covered, end)
      at = Math.max(at, this.#covered)
    }
    this.#hidden.splice(0, taken)
    part(at, until)
    this.#kept = bytes.subarray(until - this.#before)
    this.#before = until
    return shown.length === 1 && shown[0] !== undefined ? shown[0] : Buffer.concat(shown)
  }
}

/** Where the next head is; where there is none, from where on one may begin that is not whole yet. */
function nextHead({ shifts, heads, beginnings, headBytes }: Search, bytes: Buffer, from: number): number {
  const { length } = bytes
  for (let last = from + headBytes - 1; last < length; ) {
    const shift = shifts[((bytes[last - 1] ?? 0) << 8) | (bytes[last] ?? 0)] ?? 0
    last += shift
    if (shift > 0) continue
    const start = last - headBytes + 1
    if (heads.has(bytes.toString('latin1', start, start + headBytes))) return start
    last += 1
  }
  let start = Math.max(from, length - headBytes + 1)
  while (start < length && !beginnings.has(bytes.toString('latin1', start))) start += 1
  return start
}
