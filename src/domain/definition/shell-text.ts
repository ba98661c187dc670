/** What a text for a shell has to do with further arguments. */
export interface ShellText {
  /** Whether it mentions them where a shell would fill them in: `$1`, `$@`, `$*`, `$#`, `${1}`. */
  readonly mentions: boolean
  /** Where its last command ends, before comments and the bodies of here-documents; undefined where that is not clear. */
  readonly end: number | undefined
}

const ANY_MENTION = /\$(?:[1-9@*#]|\{[#!]?[1-9@*])/
const MENTION = new RegExp(`^${ANY_MENTION.source}`)
/** Behind these, a word would begin a command of its own. */
const BETWEEN_COMMANDS: ReadonlySet<string> = new Set([';', '&', '|', '('])

/**
 * Reads a text as POSIX shells do, as far as that is needed to find the end of its last command. Where it would take a
 * whole parser to be sure, such as a comment within quotes within quotes, the end is not clear.
 */
export function readShellText(text: string): ShellText {
  const reading: Reading = { text, at: 0, end: 0, mentions: false, isNested: false, depth: 0, bodies: [] }
  while (reading.at < text.length) {
    const step = stepAt(reading)
    if (step === undefined) return { mentions: ANY_MENTION.test(text), end: undefined }
    reading.at += step
  }
  const { end, mentions, bodies } = reading
  const isOpen = bodies.length > 0 || reading.depth > 0 || end === 0 || BETWEEN_COMMANDS.has(text[end - 1] ?? '')
  return { mentions, end: isOpen && !isEscaped(text, end - 1) ? undefined : end }
}

interface Reading {
  readonly text: string
  at: number
  /** Behind the last character that belongs to a command. */
  end: number
  mentions: boolean
  /** Whether quotes stood within a substitution within quotes: what follows might be quoted in truth. */
  isNested: boolean
  /** How many `${` are open: no comment begins there. */
  depth: number
  /** The here-documents whose bodies begin with the next line. */
  bodies: HereDocument[]
}

interface HereDocument {
  readonly word: string
  readonly isQuoted: boolean
  readonly isIndented: boolean
}

/** How far the next piece of the text goes; undefined where nobody can be sure. */
function stepAt(reading: Reading): number | undefined {
  const { text, at, depth } = reading
  const character = text[at] ?? ''
  if (character === '\n' && reading.bodies.length > 0) return skipBodies(reading)
  if (/\s/.test(character)) return 1
  if (character === '#' && depth === 0 && isWordStart(text, at)) return skipComment(reading)
  if (MENTION.test(text.slice(at, at + 4))) reading.mentions = true
  if (text.startsWith('<<', at) && depth === 0) return hereDocument(reading)
  if (text.startsWith('${', at)) reading.depth += 1
  if (character === '}' && depth > 0) reading.depth -= 1
  if (text.startsWith('\\\n', at)) return 2
  const length = wordPiece(reading, character)
  if (length !== undefined) reading.end = at + length
  return length
}

function wordPiece(reading: Reading, character: string): number | undefined {
  const { text, at } = reading
  if (text.startsWith('${', at)) return 2
  // Only some shells know these quotes, and they end elsewhere where a backslash stands before a quote.
  if (text.startsWith("$'", at)) return /^\$'[^'\\]*'/.exec(text.slice(at))?.[0].length
  if (character === '\\') return at + 1 < text.length ? 2 : undefined
  if (character === "'") return closing(text, at)
  return character === '"' ? doubleQuoted(reading) : 1
}

function closing(text: string, at: number): number | undefined {
  const end = text.indexOf("'", at + 1)
  return end < 0 ? undefined : end + 1 - at
}

function doubleQuoted(reading: Reading): number | undefined {
  const { text, at } = reading
  for (let end = at + 1; end < text.length; end++) {
    const character = text[end]
    if (character === '"') {
      if (isOpenIn(text.slice(at + 1, end))) reading.isNested = true
      return end + 1 - at
    }
    if (character === '\\') end += 1
    else if (MENTION.test(text.slice(end, end + 4))) reading.mentions = true
  }
  return undefined
}

/** Whether a substitution has not ended where the quotes seem to: then this quote is one of its own. */
function isOpenIn(quoted: string): boolean {
  const count = (part: string, text: string) => text.split(part).length - 1
  const [command, parameter] = ['$(', '${'].map((begin) => quoted.slice(quoted.indexOf(begin)))
  if (quoted.includes('$(') && count('(', command ?? '') > count(')', command ?? '')) return true
  if (quoted.includes('${') && count('{', parameter ?? '') > count('}', parameter ?? '')) return true
  return count('`', quoted) % 2 === 1
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || (/[\s;&|()`]/.test(text[at - 1] ?? '') && !isEscaped(text, at - 1))
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  return (/\\*$/.exec(text.slice(0, Math.max(0, at)))?.[0].length ?? 0) % 2 === 1
}

function skipComment({ text, at, isNested }: Reading): number | undefined {
  if (isNested) return undefined
  const end = text.indexOf('\n', at)
  return (end < 0 ? text.length : end) - at
}

function hereDocument(reading: Reading): number | undefined {
  const { text, at, isNested } = reading
  const [written, dash, single, double, bare] =
    /^<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n\\$`]+)"|([\w.+%@:,-]+))(?=[\s;&|<>)]|$)/.exec(text.slice(at)) ?? []
  if (text.startsWith('<<<', at)) {
    reading.end = at + 3
    return 3
  }
  const word = single ?? double ?? bare
  if (written === undefined || word === undefined || isNested) return undefined
  reading.bodies.push({ word, isQuoted: bare === undefined, isIndented: dash === '-' })
  reading.end = at + written.length
  return written.length
}

/** The bodies are no part of a command; undefined where one does not end. */
function skipBodies(reading: Reading): number | undefined {
  let next = reading.at + 1
  for (const { word, isQuoted, isIndented } of reading.bodies) {
    const body = reading.text.slice(next)
    const end = linesOf(body).find(({ line }) => (isIndented ? line.replace(/^\t+/, '') : line) === word)?.next
    if (end === undefined) return undefined
    if (!isQuoted && ANY_MENTION.test(body.slice(0, end))) reading.mentions = true
    next += end
  }
  reading.bodies = []
  return next - reading.at
}

function linesOf(text: string): readonly { readonly line: string; readonly next: number }[] {
  let next = 0
  return text.split('\n').map((line) => {
    next = Math.min(text.length, next + line.length + 1)
    return { line, next }
  })
}
