import type { ArgumentSpec, CommandSpec, OptionSpec } from '../command-spec.ts'
import { commands, globalOptions } from '../command-table.ts'
import { matchCommand } from '../match-command.ts'
import { readWords } from '../words.ts'

/** A word that may come next, and what it is. */
export interface Candidate {
  readonly word: string
  readonly summary: string
}

/** What may stand where the cursor is. */
export type Expected =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  /** What the word names, what it is the value of, and the words of the command before it. */
  | {
      readonly kind: 'named'
      readonly spec: Pick<ArgumentSpec, 'completes'>
      readonly before: readonly string[]
      /** Stands in the word already, such as `--job=`. */
      readonly prefix: string
    }

const NOTHING: Expected = { kind: 'words', words: [] }

/** What the table of commands says of the last of these words, which is being written; those before it are whole. */
export async function expectedIn(line: readonly string[]): Promise<Expected> {
  const before = line.slice(0, -1)
  const current = line.at(-1) ?? ''
  const read = readWords(before)
  const { command, rest } = read.words.length === 0 ? { rest: [] } : await matchCommand(read.words)
  if (read.rest !== undefined) return behindDashes(command, [...rest, ...read.rest])
  const known = [...(command?.options ?? []), ...globalOptions]
  if (read.missingValue !== undefined) {
    // What the value names may differ from command to command.
    const { flag } = read.missingValue
    return valuesOf(known.find((each) => each.flag === flag) ?? read.missingValue, rest, '')
  }
  const equals = current.startsWith('--') ? current.indexOf('=') : -1
  if (equals > 0) {
    const spec = known.find(({ flag, value }) => current.slice(2, equals) === flag && value !== undefined)
    return spec === undefined ? NOTHING : valuesOf(spec, rest, current.slice(0, equals + 1))
  }
  const given = new Set(read.options.map(({ spec }) => spec.flag))
  const options = known.filter(({ flag, repeatable }) => repeatable || !given.has(flag))
  if (current.startsWith('-')) return { kind: 'words', words: options.map(flagOf) }
  if (command === undefined) return { kind: 'words', words: commandWords(read.words) }
  // Where no word can come, an option can.
  if (rest.length >= command.arguments.length && !command.arguments.at(-1)?.variadic) {
    return { kind: 'words', words: options.map(flagOf) }
  }
  return argumentOf(command, rest)
}

/** The words that commands go on with after these. */
export function commandWords(before: readonly string[]): readonly Candidate[] {
  const found = new Map<string, string>()
  for (const { name, summary } of commands) {
    const words = name.split(' ')
    const word = words[before.length]
    if (word === undefined || !before.every((each, index) => each === words[index])) continue
    const isWhole = words.length === before.length + 1
    const others = found.get(word)
    found.set(word, isWhole ? summary : [...(others === undefined ? [] : [others]), words.at(-1)].join(', '))
  }
  return [...found].map(([word, summary]) => ({ word, summary }))
}

/** Further arguments of a job's command may be anything, and are paths most often. */
function behindDashes(command: CommandSpec | undefined, rest: readonly string[]): Expected {
  if (command?.rest === undefined) return argumentOf(command, rest)
  return { kind: 'named', spec: { completes: 'file' }, before: [], prefix: '' }
}

function argumentOf(command: CommandSpec | undefined, rest: readonly string[]): Expected {
  const specs = command?.arguments ?? []
  const last = specs.at(-1)
  const spec = specs[rest.length] ?? (last?.variadic ? last : undefined)
  if (spec === undefined) return NOTHING
  return spec.choices === undefined ? { kind: 'named', spec, before: rest, prefix: '' } : choicesOf(spec.choices, '')
}

function valuesOf(spec: OptionSpec, before: readonly string[], prefix: string): Expected {
  if (Array.isArray(spec.choices)) return choicesOf(spec.choices, prefix)
  return { kind: 'named', spec, before, prefix }
}

function choicesOf(choices: readonly string[], prefix: string): Expected {
  return { kind: 'words', words: choices.map((word) => ({ word: `${prefix}${word}`, summary: '' })) }
}

function flagOf({ flag, summary }: OptionSpec): Candidate {
  return { word: `--${flag}`, summary }
}
