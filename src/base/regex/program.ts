import { err, ok, type Result } from '../result.ts'
import type { Assertion, CharacterSet, Regex } from './syntax.ts'

/** One step of a program that looks for matches along all ways at once. */
type Instruction =
  | { readonly kind: 'set'; readonly set: CharacterSet; readonly next: number }
  | { readonly kind: 'assert'; readonly what: Assertion; readonly next: number }
  | { readonly kind: 'ways'; readonly nexts: readonly number[] }
  | { readonly kind: 'match' }

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly start: number
}

const MOST_INSTRUCTIONS = 1000

class TooLarge extends Error {}

/** Repetitions are written out, so a small expression may make a program that is too large. */
export function programOf(regex: Regex): Result<Program, string> {
  const instructions: Instruction[] = []
  const add = (instruction: Instruction): number => {
    if (instructions.length >= MOST_INSTRUCTIONS) throw new TooLarge()
    return instructions.push(instruction) - 1
  }
  try {
    const match = add({ kind: 'match' })
    return ok({ start: emit(regex, match, { add, instructions }), instructions })
  } catch (error) {
    if (error instanceof TooLarge) return err('repetitions that come to too much')
    throw error
  }
}

interface Emitting {
  readonly add: (instruction: Instruction) => number
  readonly instructions: Instruction[]
}

/** Writes from the end to the beginning: what comes next is known. Gives where the part begins. */
function emit(regex: Regex, next: number, emitting: Emitting): number {
  switch (regex.kind) {
    case 'set':
      return emitting.add({ kind: 'set', set: regex.set, next })
    case 'assert':
      return emitting.add({ kind: 'assert', what: regex.what, next })
    case 'sequence':
      return regex.parts.reduceRight((after, part) => emit(part, after, emitting), next)
    case 'either':
      return emitting.add({ kind: 'ways', nexts: regex.parts.map((part) => emit(part, next, emitting)) })
    case 'repeat':
      return emitRepeat(regex, next, emitting)
  }
}

function emitRepeat(
  { part, least, most }: Extract<Regex, { readonly kind: 'repeat' }>,
  next: number,
  emitting: Emitting,
): number {
  let after = next
  if (most === Number.POSITIVE_INFINITY) {
    after = emitting.add({ kind: 'ways', nexts: [] })
    emitting.instructions[after] = { kind: 'ways', nexts: [emit(part, after, emitting), next] }
  } else {
    for (let times = least; times < most; times++) {
      after = emitting.add({ kind: 'ways', nexts: [emit(part, after, emitting), next] })
    }
  }
  for (let times = 0; times < least; times++) after = emit(part, after, emitting)
  return after
}
