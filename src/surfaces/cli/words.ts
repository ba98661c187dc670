import type { OptionSpec } from './command-spec.ts'
import { commands, globalOptions } from './command-table.ts'

/** An option as it was given. */
export interface ReadOption {
  readonly spec: OptionSpec
  readonly value: string | undefined
  /** As it was typed, without its value. */
  readonly written: string
}

/** The arguments sorted into words and options, before the command is known. */
export interface ReadWords {
  readonly words: readonly string[]
  /** What stands behind `--`; undefined where that does not stand there. */
  readonly rest?: readonly string[]
  readonly options: readonly ReadOption[]
  /** The first option that no command has, as it was typed. */
  readonly unknown?: string | undefined
  /** The option that stands last and lacks its value. */
  readonly missingValue?: OptionSpec | undefined
}

/**
 * Options may stand before and after the command, and a value is the next argument whatever it looks like. That the
 * command need not be known for this is a law of the table: a flag means the same kind of option everywhere.
 */
export function readWords(argv: readonly string[]): ReadWords {
  const words: string[] = []
  const options: ReadOption[] = []
  let unknown: string | undefined
  for (let index = 0; index < argv.length; index++) {
    const argument = String(argv[index])
    if (argument === '--') return { words, options, unknown, rest: argv.slice(index + 1) }
    const { written, spec, value } = readOption(argument)
    if (isWord(argument)) words.push(argument)
    else if (isTogether(argument)) options.push(...readTogether(argument))
    else if (spec === undefined) unknown ??= written
    else if (value !== undefined || !wantsNext(spec, argv[index + 1])) options.push({ spec, value, written })
    else if (index + 1 === argv.length) return { words, options, unknown, missingValue: spec }
    else options.push({ spec, value: argv[++index], written })
  }
  return { words, options, unknown }
}

function isWord(argument: string): boolean {
  return !argument.startsWith('-') || argument === '-'
}

/** Whether the option's value is what follows. One that can do without takes only what looks like a value of it. */
function wantsNext({ value, valueWhen }: OptionSpec, next = ''): boolean {
  return value !== undefined && (valueWhen === undefined || valueWhen.test(next))
}

/** `-fq`: several letters that all stand for options without a value. */
function readTogether(argument: string): readonly ReadOption[] {
  return Array.from(argument.slice(1), (letter) => readOption(`-${letter}`)).flatMap(({ spec, written }) =>
    spec === undefined || spec.value !== undefined ? [] : [{ spec, written, value: undefined }],
  )
}

function isTogether(argument: string): boolean {
  return /^-[a-z]{2,}$/i.test(argument) && readTogether(argument).length === argument.length - 1
}

/** `--flag`, `--flag=value`, `-f`, `-f=value`, and of numbers `-f4`. */
function readOption(argument: string): { written: string; spec: OptionSpec | undefined; value: string | undefined } {
  const equals = argument.indexOf('=')
  const written = equals < 0 ? argument : argument.slice(0, equals)
  const value = equals < 0 ? undefined : argument.slice(equals + 1)
  const spec = allOptions().find(
    ({ flag, short }) => written === `--${flag}` || (short !== undefined && written === `-${short}`),
  )
  const letter = spec === undefined ? argument.match(/^(-[a-z])([0-9]+)$/) : null
  if (letter === null) return { written, spec, value }
  const [, name = '', behind] = letter
  const own = allOptions().find(({ short, value: takes }) => takes !== undefined && name === `-${short}`)
  return own === undefined ? { written, spec, value } : { written: name, spec: own, value: behind }
}

function allOptions(): readonly OptionSpec[] {
  return [...globalOptions, ...commands.flatMap(({ options }) => options)]
}
