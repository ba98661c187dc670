import { err, ok, type Result } from '../result.ts'

/** A regular expression, read. Characters are code points. */
export type Regex =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly part: Regex; readonly least: number; readonly most: number }

export type Assertion = 'start' | 'end' | 'border' | 'no_border'

export interface CharacterSet {
  readonly isNegated: boolean
  /** First and last of each range. */
  readonly ranges: readonly Range[]
}

type Range = readonly [number, number]

const DIGIT: readonly Range[] = [[0x30, 0x39]]
const WORD: readonly Range[] = [...DIGIT, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]
const SPACE: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const LAST = 0x10_ffff
const FEED: Range = [0x0a, 0x0a]
const MOST_REPEATS = 500
const MOST_DEPTH = 100

const CLASSES: Readonly<Record<string, readonly Range[]>> = { d: DIGIT, w: WORD, s: SPACE }
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 }

class Unreadable extends Error {}

/** Reads what grep, JavaScript and RE2 have in common; an error says what is not understood. */
export function readRegex(source: string): Result<Regex, string> {
  try {
    const reader = new Reader(source)
    const read = reader.either(0)
    return reader.isOver ? ok(read) : err('a ) that closes nothing')
  } catch (error) {
    if (error instanceof Unreadable) return err(error.message)
    throw error
  }
}

class Reader {
  readonly #characters: readonly string[]
  #at = 0

  constructor(source: string) {
    this.#characters = [...source]
  }

  get isOver(): boolean {
    return this.#at >= this.#characters.length
  }

  either(depth: number): Regex {
    if (depth > MOST_DEPTH) throw new Unreadable('too many groups in one another')
    const parts = [this.#sequence(depth)]
    while (this.#take('|')) parts.push(this.#sequence(depth))
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'either', parts }
  }

  #sequence(depth: number): Regex {
    const parts: Regex[] = []
    while (!this.isOver && this.#next !== '|' && this.#next !== ')') parts.push(this.#repeated(depth))
    return { kind: 'sequence', parts }
  }

  #repeated(depth: number): Regex {
    let part = this.#atom(depth)
    for (let times = this.#times(); times !== undefined; times = this.#times()) {
      if (part.kind === 'repeat') throw new Unreadable('a repetition of a repetition')
      part = { kind: 'repeat', part, ...times }
      // Whether it takes much or little makes no difference to whether a line matches.
      this.#take('?')
    }
    return part
  }

  #times(): { readonly least: number; readonly most: number } | undefined {
    if (this.#take('*')) return { least: 0, most: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { least: 1, most: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { least: 0, most: 1 }
    if (this.#next !== '{') return undefined
    const counted = /^\{(\d{1,5})(?:(,)(\d{0,5}))?\}/.exec(this.#rest(16))
    if (counted === null) return undefined
    this.#at += counted[0].length
    const least = Number(counted[1])
    const open = counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3])
    const most = counted[2] === undefined ? least : open
    if (most < least) throw new Unreadable('a repetition whose numbers are out of order')
    if (least > MOST_REPEATS || (most > MOST_REPEATS && most !== Number.POSITIVE_INFINITY)) {
      throw new Unreadable(`a repetition of more than ${MOST_REPEATS} times`)
    }
    return { least, most }
  }

  #atom(depth: number): Regex {
    const character = this.#pop()
    switch (character) {
      case '(':
        return this.#group(depth)
      case '[':
        return { kind: 'set', set: this.#set() }
      case '.':
        return { kind: 'set', set: { isNegated: true, ranges: [FEED] } }
      case '^':
        return { kind: 'assert', what: 'start' }
      case '$':
        return { kind: 'assert', what: 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw new Unreadable(`a ${character} with nothing to repeat`)
      default:
        return one(codeOf(character))
    }
  }

  #group(depth: number): Regex {
    if (this.#take('?')) {
      const opening = /^(?::|<[A-Za-z_]\w*>)/.exec(this.#rest(80))?.[0]
      if (opening === undefined) throw new Unreadable('a group that begins with (? and looks around or sets something')
      this.#at += opening.length
    }
    const inner = this.either(depth + 1)
    if (!this.#take(')')) throw new Unreadable('a ( that is never closed')
    return inner
  }

  #escape(): Regex {
    if (this.#take('b')) return { kind: 'assert', what: 'border' }
    if (this.#take('B')) return { kind: 'assert', what: 'no_border' }
    const found = this.#escaped()
    return typeof found === 'number' ? one(found) : { kind: 'set', set: found }
  }

  #escaped(): number | CharacterSet {
    if (this.isOver) throw new Unreadable('a \\ at the end')
    const character = this.#pop()
    const known = CLASSES[character.toLowerCase()]
    if (known !== undefined) return { isNegated: character !== character.toLowerCase(), ranges: known }
    const control = CONTROLS[character]
    if (control !== undefined) return control
    if (character === 'x' || character === 'u') return this.#numbered(character)
    if (/[A-Za-z1-9]/.test(character)) throw new Unreadable(`\\${character}, which is not known here`)
    return codeOf(character)
  }

  #numbered(kind: 'x' | 'u'): number {
    const found = (kind === 'x' ? /^[0-9A-Fa-f]{2}/ : /^(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\})/).exec(
      this.#rest(8),
    )?.[0]
    const code = Number.parseInt(found?.replaceAll(/[{}]/g, '') ?? '', 16)
    if (found === undefined || code > LAST) throw new Unreadable(`\\${kind} without a number of a character`)
    this.#at += found.length
    return code
  }

  #set(): CharacterSet {
    const isNegated = this.#take('^')
    const ranges: Range[] = []
    for (let isFirst = true; isFirst || this.#next !== ']'; isFirst = false) {
      if (this.isOver) throw new Unreadable('a [ that is never closed')
      ranges.push(...this.#setPart())
    }
    this.#at += 1
    return { isNegated, ranges }
  }

  #setPart(): readonly Range[] {
    const from = this.#setCharacter()
    if (typeof from !== 'number') return from
    if (this.#next !== '-' || this.#characters[this.#at + 1] === ']' || this.#at + 1 >= this.#characters.length) {
      return [[from, from]]
    }
    this.#at += 1
    const to = this.#setCharacter()
    if (typeof to !== 'number' || to < from) throw new Unreadable('a range of characters that is out of order')
    return [[from, to]]
  }

  #setCharacter(): number | readonly Range[] {
    const character = this.#pop()
    if (character !== '\\') return codeOf(character)
    if (this.#take('b')) return 8
    const found = this.#escaped()
    if (typeof found === 'number') return found
    return found.isNegated ? outside(found.ranges) : found.ranges
  }

  get #next(): string | undefined {
    return this.#characters[this.#at]
  }

  #rest(most: number): string {
    return this.#characters.slice(this.#at, this.#at + most).join('')
  }

  #pop(): string {
    const character = this.#next
    if (character === undefined) throw new Unreadable('an end where more is needed')
    this.#at += 1
    return character
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false
    this.#at += 1
    return true
  }
}

function one(code: number): Regex {
  return { kind: 'set', set: { isNegated: false, ranges: [[code, code]] } }
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

/** All that is in none of these ranges, which are in order. */
function outside(ranges: readonly Range[]): readonly Range[] {
  const starts = [0, ...ranges.map(([, last]) => last + 1)]
  const ends = [...ranges.map(([first]) => first - 1), LAST]
  return starts.flatMap((start, at): Range[] => {
    const end = ends[at] ?? LAST
    return start <= end ? [[start, end]] : []
  })
}
