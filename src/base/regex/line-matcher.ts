import { ok, type Result } from '../result.ts'
import { type Program, programOf } from './program.ts'
import { type Assertion, type CharacterSet, readRegex } from './syntax.ts'

/** Tells whether a line matches. */
export type LineMatcher = (line: string) => boolean

/** What stands beside a place of a line. */
type Side = 'edge' | 'word' | 'other'

/** Where a search may be after so much of a line; what it led to is remembered. */
interface State {
  readonly places: readonly number[]
  readonly before: Side
  readonly nexts: Map<number, State | 'match'>
  atEnd?: boolean
}

/** More are forgotten: memory stays small, whatever the lines are. */
const MOST_STATES = 1000

/**
 * A regular expression without a way back: all ways are gone at once, so the time is what the line is long, times what
 * the expression is long at worst. No expression and no file makes it hang.
 */
export function lineMatcher(
  source: string,
  { ignoresCase }: { readonly ignoresCase: boolean },
): Result<LineMatcher, string> {
  const read = readRegex(source)
  const program = read.ok ? programOf(read.value) : read
  if (!program.ok) return program
  const matcher = new Matcher(program.value, ignoresCase)
  return ok((line) => matcher.matches(line))
}

class Matcher {
  readonly #program: Program
  readonly #ignoresCase: boolean
  #states = new Map<string, State>()

  constructor(program: Program, ignoresCase: boolean) {
    this.#program = program
    this.#ignoresCase = ignoresCase
  }

  matches(line: string): boolean {
    let state = this.#stateOf([this.#program.start], 'edge')
    for (let at = 0; at < line.length; ) {
      const code = line.codePointAt(at) ?? 0
      at += code > 0xffff ? 2 : 1
      const known = state.nexts.get(code)
      const next = known ?? this.#after(state, code)
      if (known === undefined) state.nexts.set(code, next)
      if (next === 'match') return true
      state = next
    }
    state.atEnd ??= this.#closure(state, 'edge') === 'match'
    return state.atEnd
  }

  #after(state: State, code: number): State | 'match' {
    const side: Side = isWord(code) ? 'word' : 'other'
    const reached = this.#closure(state, side)
    if (reached === 'match') return 'match'
    // A match may begin at each place.
    const places = new Set([this.#program.start])
    for (const place of reached) {
      const instruction = this.#program.instructions[place]
      if (instruction?.kind === 'set' && this.#holds(instruction.set, code)) places.add(instruction.next)
    }
    return this.#stateOf([...places], side)
  }

  /** All places that are reached without another character; `match` where one of them is the end. */
  #closure({ places, before }: State, after: Side): ReadonlySet<number> | 'match' {
    const reached = new Set<number>()
    const left = [...places]
    for (let place = left.pop(); place !== undefined; place = left.pop()) {
      if (reached.has(place)) continue
      reached.add(place)
      const instruction = this.#program.instructions[place]
      if (instruction?.kind === 'match') return 'match'
      if (instruction?.kind === 'ways') left.push(...instruction.nexts)
      if (instruction?.kind === 'assert' && isSo(instruction.what, before, after)) left.push(instruction.next)
    }
    return reached
  }

  #stateOf(places: readonly number[], before: Side): State {
    const name = `${before}:${places.toSorted((left, right) => left - right).join(',')}`
    const known = this.#states.get(name)
    if (known !== undefined) return known
    if (this.#states.size >= MOST_STATES) this.#states = new Map()
    const state: State = { places, before, nexts: new Map() }
    this.#states.set(name, state)
    return state
  }

  #holds({ ranges, isNegated }: CharacterSet, code: number): boolean {
    const isIn = (one: number) => ranges.some(([first, last]) => first <= one && one <= last)
    if (!this.#ignoresCase) return isIn(code) !== isNegated
    const text = String.fromCodePoint(code)
    const isAny = [text, text.toLowerCase(), text.toUpperCase()].some((form) => isIn(onlyCode(form) ?? code))
    return isAny !== isNegated
  }
}

/** Undefined for a form that is longer than one character, as of `ß`. */
function onlyCode(text: string): number | undefined {
  const code = text.codePointAt(0)
  return code !== undefined && String.fromCodePoint(code).length === text.length ? code : undefined
}

function isSo(what: Assertion, before: Side, after: Side): boolean {
  switch (what) {
    case 'start':
      return before === 'edge'
    case 'end':
      return after === 'edge'
    case 'border':
      return (before === 'word') !== (after === 'word')
    case 'no_border':
      return (before === 'word') === (after === 'word')
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || (code >= 0x61 && code <= 0x7a)
  )
}
