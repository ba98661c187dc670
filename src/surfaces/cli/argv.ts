import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import type { CommandSpec, OptionSpec } from './command-spec.ts'
import { commands, globalOptions } from './command-table.ts'
import { matchCommand } from './match-command.ts'
import { type ReadOption, type ReadWords, readWords } from './words.ts'

/** What the command line asks for. */
export type Request =
  | {
      readonly kind: 'command'
      readonly name: string
      /** By the names of the table. What was not given is not there; a variadic argument is a list. */
      readonly arguments: Readonly<Record<string, string | readonly string[]>>
      /** By flag without dashes; `true` for an option without a value, a list for a repeatable one. */
      readonly options: Readonly<Record<string, string | true | readonly string[]>>
      /** What stands behind `--`, where the command takes that as it is. */
      readonly rest?: readonly string[]
    }
  /** Without a command, help for all of them; `command` may be the first word of several, such as `runs`. */
  | { readonly kind: 'help'; readonly command?: string; readonly json?: true }
  | { readonly kind: 'version'; readonly json?: true }

/**
 * Reads the arguments after the program's name. All values stay the strings they are: cac, which is asked for the
 * command only, would turn "007" into 7.
 */
export async function readArguments(argv: readonly string[]): Promise<Result<Request, Failure>> {
  const read = readWords(argv)
  const asked = read.options.find(({ spec: { flag } }) => flag === 'help' || flag === 'version')
  const how = read.options.some(({ spec: { flag } }) => flag === 'json') ? ({ json: true } as const) : {}
  if (asked?.spec.flag === 'version') return ok({ kind: 'version', ...how })
  const isHelp = asked !== undefined || read.words[0] === 'help'
  if (!isHelp) return readRequest(read)
  const command = await readHelp(asked === undefined ? read.words.slice(1) : read.words)
  if (!command.ok) return command
  return ok({ kind: 'help', ...(command.value !== undefined && { command: command.value }), ...how })
}

/** The command, or the first word of several, that help is wanted for; undefined for all. */
async function readHelp(words: readonly string[]): Promise<Result<string | undefined, Failure>> {
  if (words.length === 0) return ok(undefined)
  const { command } = await matchCommand(words)
  if (command !== undefined) return ok(command.name)
  const group = words.join(' ')
  return isGroup(group) ? ok(group) : err(unknownCommand(words))
}

async function readRequest({
  words,
  rest: behind,
  options,
  unknown,
  missingValue,
}: ReadWords): Promise<Result<Request, Failure>> {
  const { command, rest } = words.length === 0 ? { rest: [] } : await matchCommand(words)
  if (unknown !== undefined) return err(unknownOption(unknown, command))
  if (missingValue !== undefined) return err(noValue(missingValue, command))
  if (command !== undefined) return readCommand(command, { words: rest, behind }, options)
  return words.length === 0 ? ok({ kind: 'help' }) : err(unknownCommand(words))
}

function readCommand(
  command: CommandSpec,
  { words: own, behind }: { readonly words: readonly string[]; readonly behind: readonly string[] | undefined },
  given: readonly ReadOption[],
): Result<Request, Failure> {
  const known = [...command.options, ...globalOptions]
  for (const { spec, value, written } of given) {
    const own = known.find(({ flag }) => flag === spec.flag)
    if (own === undefined) return err(unknownOption(written, command))
    const wrong = valueFault(own, value)
    if (wrong !== undefined) return err({ ...wrong, command: command.name })
  }
  const takesRest = command.rest !== undefined && behind !== undefined
  const words = readPositionals(command, takesRest ? own : [...own, ...(behind ?? [])])
  if (!words.ok) return words
  const read = { kind: 'command', name: command.name, arguments: words.value, options: optionRecord(given) } as const
  return ok(takesRest ? { ...read, rest: behind } : read)
}

function readPositionals(
  { name: command, arguments: specs }: CommandSpec,
  words: readonly string[],
): Result<Readonly<Record<string, string | readonly string[]>>, Failure> {
  const read: Record<string, string | readonly string[]> = {}
  for (const [index, { name, required, variadic, choices, summary }] of specs.entries()) {
    const word = words[index]
    if (word === undefined) {
      if (required) return err({ code: 'usage', problem: 'missing_argument', word: name, command, expected: summary })
    } else if (choices !== undefined && !choices.includes(word)) {
      const expected = `one of ${choices.join(', ')} for <${name}>`
      return err({ ...badValue(word, expected), ...nearestOf(word, choices), command })
    } else read[name] = variadic ? words.slice(index) : word
  }
  const extra = specs.at(-1)?.variadic ? undefined : words[specs.length]
  return extra === undefined ? ok(read) : err({ code: 'usage', problem: 'unexpected_argument', word: extra, command })
}

function optionRecord(given: readonly ReadOption[]): Readonly<Record<string, string | true | readonly string[]>> {
  const record: Record<string, string | true | readonly string[]> = {}
  for (const { spec, value = true } of given) {
    const before = record[spec.flag]
    record[spec.flag] = spec.repeatable && value !== true ? [...(Array.isArray(before) ? before : []), value] : value
  }
  return record
}

function valueFault(
  { flag, value: takes, choices }: OptionSpec,
  value: string | undefined,
): FailureOf<'usage'> | undefined {
  if (value !== undefined && takes === undefined) return badValue(`--${flag}=${value}`, `--${flag} without a value`)
  if (value === undefined || choices === undefined) return undefined
  if (choices === 'whole number') {
    return /^[1-9][0-9]{0,8}$/.test(value) ? undefined : badValue(value, `a whole number from 1 for --${flag}`)
  }
  if (choices.includes(value)) return undefined
  return { ...badValue(value, `one of ${choices.join(', ')} for --${flag}`), ...nearestOf(value, choices) }
}

function badValue(word: string, expected: string): FailureOf<'usage'> {
  return { code: 'usage', problem: 'bad_value', word, expected }
}

function noValue({ flag, value: usual = '' }: OptionSpec, command: CommandSpec | undefined): Failure {
  // The same flag may call its value otherwise in another command.
  const value = command?.options.find((each) => each.flag === flag)?.value ?? usual
  return {
    code: 'usage',
    problem: 'missing_value',
    word: `--${flag}`,
    expected: `--${flag} ${value}`,
    ...named(command),
  }
}

function unknownOption(written: string, command: CommandSpec | undefined): Failure {
  const flags = [...(command?.options ?? []), ...globalOptions].map(({ flag }) => `--${flag}`)
  return { code: 'usage', problem: 'unknown_option', word: written, ...nearestOf(written, flags), ...named(command) }
}

function unknownCommand(path: readonly string[]): Failure {
  const [first = '', second] = path
  if (!isGroup(first)) {
    // The second word of a command alone, such as `events`, can mean no other.
    const whole = commands.filter(({ name }) => name.endsWith(` ${first}`))
    const [only] = whole
    if (only !== undefined && whole.length === 1) {
      return { code: 'usage', problem: 'unknown_command', word: first, nearest: only.name }
    }
    const known = commands.map(({ name }) => name.split(' ')[0] ?? name)
    return { code: 'usage', problem: 'unknown_command', word: first, ...nearestOf(first, known) }
  }
  return unknownMember(path, isGroup(`${first} ${second}`) ? `${first} ${second}` : first)
}

/** A command of several words whose first words are right. */
function unknownMember(path: readonly string[], group: string): Failure {
  const members = commands.filter(({ name }) => name.startsWith(`${group} `)).map(({ name }) => name)
  const next = path[group.split(' ').length]
  if (next === undefined) {
    const expected = `one of ${members.map((name) => name.slice(group.length + 1)).join(', ')}`
    return { code: 'usage', problem: 'missing_argument', word: 'command', command: group, expected }
  }
  const word = `${group} ${next}`
  return { code: 'usage', problem: 'unknown_command', word, command: group, ...nearestOf(word, members) }
}

/** Whether commands go on after this word, or these. */
function isGroup(word: string): boolean {
  return commands.some(({ name }) => name.startsWith(`${word} `))
}

function nearestOf(word: string, known: readonly string[]): { readonly nearest?: string } {
  const suggestion = nearest(word.slice(0, 100), known)
  return suggestion === undefined ? {} : { nearest: suggestion }
}

function named(command: CommandSpec | undefined): { readonly command?: string } {
  return command === undefined ? {} : { command: command.name }
}
