import { err, ok, type Result } from './result.ts'

/** What keeps a text from being read as variables. Lines and columns count from 1. */
export interface DotenvFault {
  readonly line: number
  readonly column: number
  readonly problem: DotenvProblem
}

type DotenvProblem = 'name' | 'equals' | 'unclosed' | 'escape' | 'after_quote' | 'nul'

const NAME = /[A-Za-z_][A-Za-z0-9_.-]*/y
const EXPORT = /export[ \t]+(?=[^ \t=])/y
const BLANKS = /[ \t]*/y
const LINE_BREAK = /\r?\n|\r$/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', $: '$' }

/**
 * Reads `NAME=value` lines. Nothing is run or expanded: `$X` is these two characters. Values are bare (up to the end of
 * the line or a ` #`, blanks around them dropped), in single quotes (as they stand) or in double quotes (with the
 * escapes \n \r \t \\ \" \$); quoted ones may span lines. Of two lines with one name the later one wins.
 */
export function parseDotenv(text: string): Result<Readonly<Record<string, string>>, DotenvFault> {
  const reader = new Reader(text)
  const variables = new Map<string, string>()
  while (!reader.isAtEnd) {
    const fault = readLine(reader, variables)
    if (fault !== undefined) return err({ ...reader.place(fault.at), problem: fault.problem })
  }
  return ok(Object.fromEntries(variables))
}

interface Fault {
  readonly at: number
  readonly problem: DotenvProblem
}

type Read = { readonly value: string } | Fault

class Reader {
  readonly #text: string
  at: number

  constructor(text: string) {
    this.#text = text
    this.at = text.startsWith('\ufeff') ? 1 : 0
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length
  }

  get next(): string {
    return this.#text.charAt(this.at)
  }

  /** What the pattern matches here, which is then behind. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  /** Up to the character, which is behind then, too; undefined where it does not come. */
  takeUntil(character: string): string | undefined {
    const end = this.#text.indexOf(character, this.at)
    if (end < 0) return undefined
    const taken = this.#text.slice(this.at, end)
    this.at = end + 1
    return taken
  }

  takeLine(): string {
    const line = this.#text.slice(this.at).match(/^[^\n]*?(?=\r?(?:\n|$))/)?.[0] ?? ''
    this.at += line.length
    return line
  }

  place(at: number): { readonly line: number; readonly column: number } {
    const before = this.#text.slice(0, at)
    const lineStart = Math.max(before.lastIndexOf('\n') + 1, before.startsWith('\ufeff') ? 1 : 0)
    return { line: before.split('\n').length, column: at - lineStart + 1 }
  }
}

function readLine(reader: Reader, variables: Map<string, string>): Fault | undefined {
  reader.take(BLANKS)
  if (reader.isAtEnd || reader.take(LINE_BREAK) !== undefined) return undefined
  if (reader.next === '#') {
    reader.takeLine()
    return undefined
  }
  reader.take(EXPORT)
  const name = reader.take(NAME)
  if (name === undefined) return { at: reader.at, problem: reader.next === '\0' ? 'nul' : 'name' }
  reader.take(BLANKS)
  if (reader.next !== '=') return { at: reader.at, problem: 'equals' }
  reader.at += 1
  reader.take(BLANKS)
  const read = readValue(reader)
  if (!('value' in read)) return read
  variables.set(name, read.value)
  return undefined
}

function readValue(reader: Reader): Read {
  const start = reader.at
  const read = reader.next === "'" ? readSingle(reader) : reader.next === '"' ? readDouble(reader) : readBare(reader)
  if (!('value' in read)) return read
  const nul = read.value.indexOf('\0')
  return nul < 0 ? read : { at: start, problem: 'nul' }
}

function readBare(reader: Reader): Read {
  const line = reader.takeLine()
  const comment = line.search(/(?:^|[ \t])#/)
  return { value: (comment < 0 ? line : line.slice(0, comment)).replace(/[ \t]+$/, '') }
}

function readSingle(reader: Reader): Read {
  const start = reader.at
  reader.at += 1
  const value = reader.takeUntil("'")
  return value === undefined ? { at: start, problem: 'unclosed' } : closed(reader, value)
}

function readDouble(reader: Reader): Read {
  const start = reader.at
  reader.at += 1
  let value = ''
  for (;;) {
    value += reader.take(/[^"\\]*/y) ?? ''
    if (reader.isAtEnd) return { at: start, problem: 'unclosed' }
    if (reader.next === '"') break
    const escaped = ESCAPES[reader.take(/\\[\s\S]?/y)?.slice(1) ?? '']
    if (escaped === undefined)
      return { at: reader.isAtEnd ? start : reader.at - 2, problem: reader.isAtEnd ? 'unclosed' : 'escape' }
    value += escaped
  }
  reader.at += 1
  return closed(reader, value)
}

/** Behind a closing quote a line holds nothing but blanks and a comment. */
function closed(reader: Reader, value: string): Read {
  const blanks = reader.take(BLANKS) ?? ''
  const isComment = reader.next === '#' && blanks !== ''
  if (isComment) reader.takeLine()
  if (reader.isAtEnd || reader.take(LINE_BREAK) !== undefined) return { value }
  return { at: reader.at, problem: 'after_quote' }
}
