import { type Disguise, disguisesOf } from './disguises.ts'

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
const FOLDS = ['\n', '\r\n', '\\n', '\\r\\n'].map((fold) => Buffer.from(fold))

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

/** How all disguises are looked for at once: by their first bytes, of which all have equally many. */
interface Search {
  readonly headBytes: number
  /** How far the end of the window may move on, by the two bytes at it; 0 where a head may be in it (Wu and Manber). */
  readonly shifts: Uint8Array
  readonly byHead: ReadonlyMap<string, readonly Disguise[]>
  /** Every proper beginning of a head. */
  readonly beginnings: ReadonlySet<string>
}

function searchFor(disguises: readonly Disguise[]): Search {
  const headBytes = Math.min(MOST_HEAD, ...disguises.map(({ bytes }) => bytes.length))
  const shifts = new Uint8Array(65_536).fill(headBytes - 1)
  const byHead = new Map<string, Disguise[]>()
  const beginnings = new Set<string>()
  for (const disguise of disguises) {
    for (const head of headsOf(disguise, headBytes)) {
      const known = byHead.get(head)
      if (known !== undefined) {
        known.push(disguise)
        continue
      }
      byHead.set(head, [disguise])
      for (let end = 1; end < headBytes; end++) {
        beginnings.add(head.slice(0, end))
        const pair = (head.charCodeAt(end - 1) << 8) | head.charCodeAt(end)
        shifts[pair] = Math.min(shifts[pair] ?? 0, headBytes - 1 - end)
      }
    }
  }
  return { headBytes, shifts, byHead, beginnings }
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
  /** Bytes of which it is not known yet whether something hidden begins at the first. */
  #kept: Buffer = Buffer.alloc(0)
  /** How many of those are hidden by what began before them. */
  #covered = 0
  #hasHidden = false

  constructor(search: Search) {
    this.#search = search
  }

  get hasHidden(): boolean {
    return this.#hasHidden
  }

  push(piece: Uint8Array): Uint8Array {
    return this.#take(this.#kept.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#kept, piece]), false)
  }

  end(): Uint8Array {
    return this.#take(this.#kept, true)
  }

  /** Of hidden texts that overlap, all of them are covered by the same stars. */
  #take(bytes: Buffer, isLast: boolean): Uint8Array {
    const shown: Uint8Array[] = []
    let covered = this.#covered
    let at = 0
    for (;;) {
      const { start, end } = findNext(this.#search, { bytes, from: at, isLast })
      if (start > covered) shown.push(bytes.subarray(covered, start))
      if (end === undefined) {
        this.#kept = bytes.subarray(start)
        this.#covered = Math.max(0, covered - start)
        break
      }
      this.#hasHidden = true
      if (start >= covered) shown.push(STARS)
      covered = Math.max(covered, end)
      at = start + 1
    }
    return shown.length === 1 && shown[0] !== undefined ? shown[0] : Buffer.concat(shown)
  }
}

interface Window {
  readonly bytes: Buffer
  readonly from: number
  readonly isLast: boolean
}

/** Where the next hidden text is; without an end, from where on it cannot be known yet. */
function findNext(search: Search, window: Window): { readonly start: number; readonly end?: number } {
  const { shifts, headBytes } = search
  const { bytes, from, isLast } = window
  const { length } = bytes
  for (let last = from + headBytes - 1; last < length; ) {
    const shift = shifts[((bytes[last - 1] ?? 0) << 8) | (bytes[last] ?? 0)] ?? 0
    last += shift
    if (shift > 0) continue
    const start = last - headBytes + 1
    const end = longestAt(search, window, start)
    if (end === UNKNOWN) return { start }
    if (end !== NOWHERE) return { start, end }
    last += 1
  }
  return { start: isLast ? length : possibleBeginning(search, bytes, from) }
}

/** The first place near the end from which a head may begin that is not whole yet. */
function possibleBeginning({ beginnings, headBytes }: Search, bytes: Buffer, from: number): number {
  const { length } = bytes
  let start = Math.max(from, length - headBytes + 1)
  while (start < length && !beginnings.has(bytes.toString('latin1', start))) start += 1
  return start
}

const NOWHERE = 0
const UNKNOWN = Number.MAX_SAFE_INTEGER

/** The end of the longest disguise that begins here; unknown where one may go on behind the end. */
function longestAt({ byHead, headBytes }: Search, { bytes, isLast }: Window, start: number): number {
  let longest = NOWHERE
  for (const candidate of byHead.get(bytes.toString('latin1', start, start + headBytes)) ?? []) {
    const end = candidate.foldable ? endOfFolded(candidate.bytes, bytes, start) : endOf(candidate.bytes, bytes, start)
    if (end !== UNKNOWN || !isLast) longest = Math.max(longest, end)
  }
  return longest
}

function endOf(wanted: Uint8Array, bytes: Buffer, start: number): number {
  const there = Math.min(wanted.length, bytes.length - start)
  for (let index = 0; index < there; index++) if (wanted[index] !== bytes[start + index]) return NOWHERE
  return there === wanted.length ? start + there : UNKNOWN
}

function endOfFolded(wanted: Uint8Array, bytes: Buffer, start: number): number {
  let at = start
  for (let index = 0; index < wanted.length; index++) {
    if (at >= bytes.length) return UNKNOWN
    if (index > 0 && bytes[at] !== wanted[index]) {
      const fold = foldAt(bytes, at)
      if (fold === undefined) return UNKNOWN
      at += fold
      if (at >= bytes.length) return UNKNOWN
    }
    if (bytes[at] !== wanted[index]) return NOWHERE
    at += 1
  }
  return at
}

/** How many bytes of line break are here; undefined where that cannot be known yet. */
function foldAt(bytes: Buffer, at: number): number | undefined {
  const there = bytes.subarray(at, at + 4)
  for (const fold of FOLDS) {
    if (there.subarray(0, fold.length).equals(fold)) return fold.length
    if (there.length < fold.length && fold.subarray(0, there.length).equals(there)) return undefined
  }
  return 0
}
