import { breath } from '#base/breath.ts'
import { type LineMatcher, lineMatcher } from '#base/regex/line-matcher.ts'
import { err, ok, type Result } from '#base/result.ts'
import { fileRefusal, refusal } from '#domain/agents/refusal.ts'
import type { ToolArguments } from '#domain/agents/tool-arguments.ts'
import { readPattern } from '#domain/definition/file-pattern.ts'
import { matchesPath } from '#domain/definition/path-matches.ts'
import type { Failure } from '#domain/failure.ts'
import type { SearchAnswer, SearchMatch, ToolRefusal } from '#domain/run/tool-answer.ts'
import { MOST_FILE_BYTES } from './read.ts'
import { type Calling, find, lineStarts, textOf } from './tool-parts.ts'

const MOST_MATCHES = 200
const MOST_FILES = 50_000
const MOST_BYTES = 500_000_000
const MOST_MS = 20_000
/** What an answer shows of a line. */
const SHOWN_CHARACTERS = 300
/** What an expression is tried on of a line: it may take a moment for each thousand characters. */
const TRIED_CHARACTERS = 20_000

type Arguments = ToolArguments<'search'>

/** Looks through files, line by line, until there is enough. */
export async function search(calling: Calling<Arguments>): Promise<Result<SearchAnswer | ToolRefusal, Failure>> {
  const { args, workspace, tools, attempt } = calling
  const { path = '.', files } = args
  const matcher = matcherOf(args)
  if (!matcher.ok) return ok(refusal('bad_pattern', `the pattern cannot be used: ${matcher.error}`))
  const pattern = files === undefined ? ok() : readPattern(files)
  if (!pattern.ok) return ok(refusal('bad_pattern', `files cannot be used: ${pattern.error}`))
  const place = find(calling, path, 'read')
  if (!place.ok) return ok(place.error)
  const searching = new Searching(calling, matcher.value)
  const walked = await workspace.walk(place.value, {
    mostBytes: MOST_FILE_BYTES,
    // Without a directory in it, a pattern is for names, wherever they stand.
    wants: (names) => files === undefined || matchesPath([files], files.includes('/') ? names : names.slice(-1)),
    take: async (shown, content) => await searching.take(shown, content),
  })
  // The signal's reason is a failure by the contract of attempts.
  if (attempt.signal.aborted) return err(attempt.signal.reason as Failure)
  return ok(walked.ok ? searching.answer : fileRefusal(path, walked.error, tools.spaces))
}

class Searching {
  readonly #calling: Calling<Arguments>
  readonly #matches: LineMatcher
  readonly #found: SearchMatch[] = []
  readonly #began = performance.now()
  readonly #air
  #files = 0
  #leftOut = 0
  #bytes = 0
  #cut: SearchAnswer['cut']

  constructor(calling: Calling<Arguments>, matches: LineMatcher) {
    this.#calling = calling
    this.#matches = matches
    this.#air = breath(calling.attempt.signal)
  }

  get answer(): SearchAnswer {
    const counts = { files: this.#files, left_out: this.#leftOut }
    return { ok: true, matches: this.#found, ...counts, ...(this.#cut !== undefined && { cut: this.#cut }) }
  }

  /** True where it is enough. */
  async take(path: string, content: Uint8Array | undefined): Promise<boolean> {
    if (this.#files >= MOST_FILES) this.#cut = 'files'
    if (this.#bytes >= MOST_BYTES) this.#cut = 'bytes'
    if (this.#cut !== undefined) return true
    const text = content === undefined ? undefined : textOf(path, content)
    if (content === undefined || text?.ok !== true) this.#leftOut += 1
    else {
      this.#files += 1
      this.#bytes += content.length
      await this.#lookThrough(path, text.value)
    }
    return this.#cut !== undefined || (await this.#air.take())
  }

  async #lookThrough(path: string, text: string): Promise<void> {
    const { mask } = this.#calling
    // Hidden before it is looked through: nobody finds out what a secret is by asking for it.
    const shown = mask === undefined ? text : mask.text(text)
    const starts = lineStarts(shown)
    for (const [index, start] of starts.entries()) {
      const line = withoutEnd(shown.slice(start, starts[index + 1]))
      if (this.#matches(line)) this.#found.push({ path, line: index + 1, text: this.#shownOf(line) })
      if (this.#found.length >= MOST_MATCHES) this.#cut = 'matches'
      if (performance.now() - this.#began > MOST_MS) this.#cut = 'time'
      if (this.#cut !== undefined || (await this.#air.take())) return
    }
  }

  /** Of a long line what is around the text that was looked for, as far as that is known. */
  #shownOf(line: string): string {
    if (line.length <= SHOWN_CHARACTERS) return line
    const { pattern, regex, case: isExact = true } = this.#calling.args
    const at =
      regex === true ? 0 : (isExact ? line : line.toLowerCase()).indexOf(isExact ? pattern : pattern.toLowerCase())
    const from = Math.max(0, at - SHOWN_CHARACTERS / 3)
    const part = line.slice(from, from + SHOWN_CHARACTERS)
    return `${from > 0 ? '…' : ''}${part}${from + SHOWN_CHARACTERS < line.length ? '…' : ''}`
  }
}

/** A line without its line break, whichever of the two usual ones it is. */
function withoutEnd(line: string): string {
  const text = line.endsWith('\n') ? line.slice(0, -1) : line
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

function matcherOf({ pattern, regex, case: isExact = true }: Arguments): Result<LineMatcher, string> {
  if (regex === true) {
    const matcher = lineMatcher(pattern, { ignoresCase: !isExact })
    return matcher.ok ? ok((line) => matcher.value(line.slice(0, TRIED_CHARACTERS))) : matcher
  }
  if (/[\r\n]/.test(pattern)) return err('it holds a line break, and lines are looked at one by one')
  if (isExact) return ok((line) => line.includes(pattern))
  const lower = pattern.toLowerCase()
  return ok((line) => line.toLowerCase().includes(lower))
}
