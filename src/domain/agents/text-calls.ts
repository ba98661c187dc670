import type { Json } from '#base/json.ts'
import { isJsonObject, jsonCalls, jsonIn, withoutFence } from './json-calls.ts'
import type { ToolCall } from './message.ts'

/** What a reply's text asks for, and what is left of it for people. */
export interface TextCalls {
  readonly calls: readonly ToolCall[]
  /** The text without its calls. */
  readonly said: string
  /** What cannot be read without a guess; then none of the calls may be done. */
  readonly faults: readonly string[]
}

/**
 * Reads tool calls out of a reply's text. docs/agents.md has the grammar. A call is a block of lines:
 *
 *     TOOL: write
 *     PATH: src/page.ts
 *     CONTENT:
 *     ...
 *     END
 *
 * In a content only its end acts: the line `END`, or the line that `CONTENT << WORD` names; whatever else stands there
 * is content, up to the last line break. A content that is one fence, with the end of the call right behind it, is what
 * stands in the fence; where that end is another call, no `END` may follow outside of fences. A content without an end goes on to the end of the reply, and is refused
 * where a line of it could begin a call. Calls as JSON are the whole reply.
 */
export function textCalls(text: string): TextCalls {
  const whole = jsonCalls(withoutFence(text))
  if (whole.calls.length > 0) return { calls: whole.calls, said: '', faults: [] }
  const reader = new Reader(text)
  while (reader.hasMore) reader.readNext()
  if (whole.isBroken && reader.calls.length === 0) reader.faults.push('the reply is a call that is no valid JSON')
  return { calls: reader.calls, said: reader.said.join('').trim(), faults: reader.faults }
}

const END = 'END'
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)\s*$/

class Reader {
  readonly calls: ToolCall[] = []
  readonly said: string[] = []
  readonly faults: string[] = []
  /** Each with its line break. */
  readonly #lines: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  }

  get hasMore(): boolean {
    return this.#at < this.#lines.length
  }

  readNext(): void {
    const line = this.#take()
    const tool = markedBy('TOOL', line)
    const notes = markedBy('NOTES_UPDATE', line)
    const fence = FENCE.exec(plain(line))
    if (tool !== undefined) this.#block(tool)
    else if (notes !== undefined) this.#notes(notes)
    else if (fence !== null) this.#fence(line, fence[1] ?? '')
    else this.said.push(line)
  }

  #block(tool: string): void {
    if (tool === '') this.faults.push('a TOOL: line names no tool')
    const args: Record<string, Json> = {}
    while (this.hasMore) {
      const line = this.#peek()
      const path = markedBy('PATH', line)
      const given = markedBy('ARGS', line)
      const content = contentBy(line)
      const word = /^CONTENT\s*<<\s*(\w+)\s*$/.exec(plain(line))?.[1]
      if (path !== undefined) this.#set(args, 'path', path)
      else if (given !== undefined) this.#setAll(args, given)
      else if (content !== undefined || word !== undefined) {
        this.#take()
        this.#set(args, 'content', this.#content(tool, content ?? '', word))
        break
      } else if (plain(line) === END) {
        this.#take()
        break
      } else if (plain(line) !== '') break
      this.#take()
    }
    this.calls.push({ tool, args })
  }

  /** Up to the line that ends it. Each line keeps its break, so a file ends as its last line does. */
  #content(tool: string, first: string, word: string | undefined): string {
    const end = word ?? END
    const fenced = first === '' && word === undefined ? this.#fenced(tool) : undefined
    if (fenced !== undefined) return fenced
    const from = this.#at
    const last = this.#lines.findIndex((line, index) => index >= from && plain(line) === end)
    const body = this.#lines.slice(from, last < 0 ? undefined : last)
    if (last < 0 && end !== END) this.faults.push(`the content of ${tool} has no line ${end}`)
    else if (last < 0 && body.some(couldBegin))
      this.faults.push(`the content of ${tool} has no line ${END}, and a line of it could begin another call`)
    this.#at = last < 0 ? this.#lines.length : last + 1
    const text = [...(first === '' ? [] : [`${first}\n`]), ...body].join('')
    return text === '' || text.endsWith('\n') ? text : `${text}\n`
  }

  /** A content that is one fence, behind which the call is over: then the fence is none of the file. */
  #fenced(tool: string): string | undefined {
    const marks = FENCE.exec(plain(this.#peek()))?.[1]
    if (marks === undefined) return undefined
    const from = this.#at + 1
    const last = this.#lines.findIndex((line, index) => index >= from && closesFence(line, marks))
    if (last < 0) return undefined
    const next = this.#lines.findIndex((line, index) => index > last && plain(line).trim() !== '')
    const follower = this.#lines[next]
    if (follower !== undefined && plain(follower) !== END && !couldBegin(follower)) return undefined
    const isEnd = follower !== undefined && plain(follower) === END
    if (follower !== undefined && !isEnd && this.#hasEndOutsideFences(next))
      this.faults.push(`behind its fence, the content of ${tool} could go on up to a later line ${END}`)
    this.#at = isEnd ? next + 1 : last + 1
    return this.#lines.slice(from, last).join('')
  }

  #hasEndOutsideFences(from: number): boolean {
    let marks: string | undefined
    for (const line of this.#lines.slice(from)) {
      if (marks !== undefined) marks = closesFence(line, marks) ? undefined : marks
      else if (plain(line) === END) return true
      else marks = FENCE.exec(plain(line))?.[1]
    }
    return false
  }

  #notes(text: string): void {
    const value = jsonIn(text)
    if (isJsonObject(value)) this.calls.push({ tool: 'note', args: { key: 'notes', value } })
    else this.faults.push('a NOTES_UPDATE: line holds no JSON object')
  }

  /** What stands in a fence is quoted: it does nothing, and is refused where it looks like a call. */
  #fence(open: string, marks: string): void {
    const from = this.#at
    const last = this.#lines.findIndex((line, index) => index >= from && closesFence(line, marks))
    const body = this.#lines.slice(from, last < 0 ? undefined : last)
    this.#at = last < 0 ? this.#lines.length : last + 1
    if (body.some((line) => markedBy('TOOL', line) !== undefined))
      this.faults.push('a TOOL: line stands in a fence; calls stand outside of fences')
    if (jsonCalls(body.join('')).calls.length > 0)
      this.faults.push('a call as JSON stands in a fence among other words; such a call is the whole reply')
    this.said.push(open, ...body, ...this.#lines.slice(last < 0 ? this.#at : last, this.#at))
  }

  #set(args: Record<string, Json>, key: string, value: Json): void {
    if (Object.hasOwn(args, key)) this.faults.push(`a call has two values for ${key}`)
    args[key] = value
  }

  #setAll(args: Record<string, Json>, text: string): void {
    const value = jsonIn(text)
    if (!isJsonObject(value)) this.faults.push('an ARGS: line holds no JSON object')
    else for (const [key, each] of Object.entries(value)) this.#set(args, key, each)
  }

  #peek(): string {
    return this.#lines[this.#at] ?? ''
  }

  #take(): string {
    const line = this.#peek()
    this.#at++
    return line
  }
}

/** The line without its break. */
function plain(line: string): string {
  return line.replace(/\r?\n$/, '')
}

/** What stands behind a marker at the very beginning of a line; undefined where it is not there. */
function markedBy(marker: string, line: string): string | undefined {
  return line.startsWith(`${marker}:`)
    ? plain(line)
        .slice(marker.length + 1)
        .trim()
    : undefined
}

/** What stands on the line that begins a content: its first line, indented as it is. */
function contentBy(line: string): string | undefined {
  if (markedBy('CONTENT', line) === undefined) return undefined
  const first = plain(line).slice('CONTENT:'.length).replace(/^ /, '')
  return first.trim() === '' ? '' : first
}

function closesFence(line: string, marks: string): boolean {
  return plain(line).trim().startsWith(marks) && /^ {0,3}(?:`+|~+)\s*$/.test(plain(line))
}

function couldBegin(line: string): boolean {
  return markedBy('TOOL', line) !== undefined || markedBy('NOTES_UPDATE', line) !== undefined
}
