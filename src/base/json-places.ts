/** Lines count from 1, columns from 0, in UTF-16 code units. */
interface TextPlace {
  readonly line: number
  readonly column: number
}

interface TextSpan {
  readonly start: TextPlace
  readonly end: TextPlace
}

type JsonPath = readonly (string | number)[]

/** A JSON text that was read: its value, and where its keys and values stand. */
export interface PlacedJson {
  readonly value: unknown
  readonly keyAt: (path: JsonPath) => TextSpan | undefined
  readonly valueAt: (path: JsonPath) => TextSpan | undefined
}

/** Where a text is no JSON, and why. */
export interface JsonFault {
  readonly at: TextPlace
  readonly reason: string
}

/** Nothing that people write by hand is nested deeper. */
const DEEPEST = 100

/**
 * Reads JSON (RFC 8259) and remembers the places. The same key twice in one object is a mistake here: which one counts
 * would be a guess.
 */
export function readPlacedJson(text: string): PlacedJson | JsonFault {
  const scan = new Scan(text)
  try {
    scan.whole()
  } catch (error) {
    if (error instanceof NoJson) return { at: placeOf(text, error.offset), reason: error.message }
    throw error
  }
  const find = (spans: ReadonlyMap<string, Range>) => (path: JsonPath) => {
    const range = spans.get(JSON.stringify(path))
    return range && { start: placeOf(text, range.start), end: placeOf(text, range.end) }
  }
  return { value: JSON.parse(text), keyAt: find(scan.keys), valueAt: find(scan.values) }
}

function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') - 1 }
}

interface Range {
  readonly start: number
  readonly end: number
}

/** Thrown within this file only, to come out of the depth of a text. */
class NoJson extends Error {
  readonly offset: number

  constructor(offset: number, reason: string) {
    super(reason)
    this.offset = offset
  }
}

const SPACE = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORD = /true|false|null/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has them in no text
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y

/** One way through a text, from its beginning to its end or to the first place where it is no JSON. */
class Scan {
  readonly keys = new Map<string, Range>()
  readonly values = new Map<string, Range>()
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): void {
    this.#space()
    this.#value([])
    this.#space()
    if (this.#at < this.#text.length) this.#fail('nothing may follow the value')
  }

  #value(path: JsonPath): void {
    const start = this.#at
    const next = this.#text[start]
    if (path.length > DEEPEST) this.#fail('this is nested too deeply')
    if (next === '{') this.#object(path)
    else if (next === '[') this.#array(path)
    else if (next === '"') this.#string()
    else if (this.#take(NUMBER) === '' && this.#take(WORD) === '') this.#fail('a value is expected')
    this.values.set(JSON.stringify(path), { start, end: this.#at })
  }

  #object(path: JsonPath): void {
    if (this.#isEmpty('}')) return
    do this.#member(path)
    while (this.#goesOn('}'))
  }

  #array(path: JsonPath): void {
    if (this.#isEmpty(']')) return
    let index = 0
    do this.#value([...path, index++])
    while (this.#goesOn(']'))
  }

  #member(path: JsonPath): void {
    const start = this.#at
    if (this.#text[start] !== '"') this.#fail('a key in double quotes is expected')
    const here = [...path, this.#string()]
    const name = JSON.stringify(here)
    if (this.keys.has(name)) this.#fail('this key is there twice', start)
    this.keys.set(name, { start, end: this.#at })
    this.#space()
    if (this.#text[this.#at] !== ':') this.#fail('":" is expected')
    this.#at += 1
    this.#space()
    this.#value(here)
  }

  #isEmpty(end: string): boolean {
    this.#at += 1
    this.#space()
    if (this.#text[this.#at] !== end) return false
    this.#at += 1
    return true
  }

  /** After an element: whether a comma says that there is another one. */
  #goesOn(end: string): boolean {
    this.#space()
    const found = this.#text[this.#at]
    if (found !== ',' && found !== end) this.#fail(`"," or "${end}" is expected`)
    this.#at += 1
    this.#space()
    return found === ','
  }

  #string(): string {
    const found = this.#take(STRING)
    if (found === '') this.#fail('this text has no end, or holds a line break or an escape that JSON does not have')
    return String(JSON.parse(found))
  }

  #space(): void {
    this.#take(SPACE)
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #fail(reason: string, offset: number = this.#at): never {
    const rest = this.#text.slice(offset, offset + 2)
    if (rest === '//' || rest === '/*' || rest.startsWith('#')) throw new NoJson(offset, 'JSON has no comments')
    throw new NoJson(offset, rest === '' ? `the text ends here; ${reason}` : reason)
  }
}
