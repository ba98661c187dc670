import { type Disguise, disguisesOf } from './disguises.ts'
import { Heads } from './masker-heads.ts'
import { type Trees, treesOf } from './masker-trees.ts'
import { type Span, Walk } from './masker-walk.ts'

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
 * How all disguises are looked for at once. Where none may begin is passed over by leaps, going by their first bytes;
 * from where one may begin, trees of them are walked, byte by byte, until none goes on.
 */
interface Search {
  readonly heads: Heads
  /** Made when a head is found: most output has none. */
  readonly trees: () => Trees
}

function searchFor(disguises: readonly Disguise[]): Search {
  let trees: Trees | undefined
  const make = () => {
    trees ??= treesOf(disguises)
    return trees
  }
  return { heads: new Heads(disguises), trees: make }
}

class StreamMasker implements Masker {
  readonly #search: Search
  /** Made where one may have begun. */
  #walk: Walk | undefined
  /** Whether one may have begun that is not over. */
  #isWalking = false
  /** Bytes of which it is not known yet whether something hidden begins at one of them. */
  #kept: Buffer = Buffer.alloc(0)
  /** How many bytes of the stream came before those. */
  #before = 0
  /** How far the stream is hidden by what was shown as stars. */
  #covered = 0
  /** Hidden parts that are not shown yet, in order, no two of which overlap. */
  #hidden: Span[] = []
  #hasHidden = false

  constructor(search: Search) {
    this.#search = search
  }

  get hasHidden(): boolean {
    return this.#hasHidden
  }

  push(piece: Uint8Array): Uint8Array {
    const known = this.#before + this.#kept.length
    const bytes = this.#kept.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#kept, piece])
    return this.#show(bytes, this.#read(bytes, this.#isWalking ? known : this.#before))
  }

  end(): Uint8Array {
    this.#walk = undefined
    this.#isWalking = false
    return this.#show(this.#kept, this.#before + this.#kept.length)
  }

  /** Reads on from a place of the stream; gives the place before which everything is known. */
  #read(bytes: Buffer, from: number): number {
    const end = this.#before + bytes.length
    for (let at = from; ; ) {
      if (!this.#isWalking) {
        at = this.#before + this.#search.heads.next(bytes, at - this.#before)
        if (end - at < this.#search.heads.length) return at
      }
      const walk = this.#walkFrom(at)
      while (at < end && this.#isWalking) {
        const span = walk.take(bytes[at - this.#before] ?? 0)
        at += 1
        if (span !== undefined) this.#hide(span)
        this.#isWalking = !walk.isOver
      }
      if (this.#isWalking) return walk.start
    }
  }

  /** The walk that is on, or one that begins here. */
  #walkFrom(at: number): Walk {
    this.#walk ??= new Walk(this.#search.trees())
    if (!this.#isWalking) this.#walk.moveTo(at)
    this.#isWalking = true
    return this.#walk
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
