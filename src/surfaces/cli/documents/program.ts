import * as z from 'zod/mini'
import { about, document, failure } from './shapes.ts'

/** What any command answers that fails. */
export const failureDocument = document('failure', {
  failure,
  text: about(z.string(), 'the same in words, as the terminal shows it'),
})

/** `--version`. */
export const version = document('version', {
  version: z.string(),
  commit: z.string(),
  built: about(z.string(), 'ISO 8601'),
})

const named = { name: z.string(), summary: z.string() }
const option = z.object({
  flag: about(z.string(), 'without dashes'),
  short: z.optional(z.string()),
  value: about(z.optional(z.string()), 'what its value is called; an option without it takes none'),
  value_when: about(z.optional(z.string()), 'a regular expression: only a word that matches it is its value'),
  choices: about(z.optional(z.union([z.array(z.string()), z.literal('whole number')])), 'the values there are'),
  completes: about(z.optional(z.string()), 'what the value names'),
  summary: z.string(),
  repeatable: z.optional(z.boolean()),
})

/** `help` and `--help`: the commands that were asked for, from the table that all else is made from. */
export const help = document('help', {
  commands: z.array(
    z.object({
      ...named,
      arguments: z.array(
        z.object({
          ...named,
          required: z.boolean(),
          variadic: z.optional(z.boolean()),
          choices: z.optional(z.array(z.string())),
          completes: z.optional(z.string()),
        }),
      ),
      options: z.array(option),
      rest: about(z.optional(z.string()), 'what the words behind -- are'),
      examples: z.array(z.string()),
    }),
  ),
  options: about(z.array(option), 'options of every command'),
})

/** `completions`. */
export const completions = document('completions', { shell: z.string(), script: z.string() })

/** `complete`. */
export const complete = document('complete', {
  words: z.array(z.object({ word: z.string(), summary: z.string() })),
  paths: about(z.nullable(z.enum(['files', 'directories'])), 'which paths may come, too'),
})

/** `man`. */
export const man = document('man', { page: about(z.string(), 'roff') })

/** `schema`: without a name, the names there are. */
export const schema = document('schema', {
  documents: about(
    z.optional(z.array(z.object({ name: z.string(), lines: z.boolean(), commands: z.array(z.string()) }))),
    'without a name: all documents',
  ),
  json_schema: about(z.optional(z.record(z.string(), z.unknown())), 'of the document that was named'),
})

/** `doctor`. */
export const doctor = document('doctor', {
  exit: about(z.int(), 'the exit code: 1 where there is a problem'),
  problems: about(z.int(), 'how many there are'),
  notes: about(z.int(), 'how many there are'),
  findings: z.array(
    z.object({
      check: about(z.string(), 'what was looked at'),
      state: z.enum(['ok', 'note', 'problem']),
      what: about(z.string(), 'what came of it'),
      where: about(z.nullable(z.string()), 'a path, where it is about one'),
      detail: about(z.array(z.string()), 'more on it'),
      todo: about(z.array(z.string()), 'what to do'),
    }),
  ),
})

/** `init`. */
export const init = document('init', {
  path: about(z.string(), 'the file'),
  written: about(z.boolean(), 'false with --print'),
  text: about(z.string(), 'the configuration'),
  jobs: z.array(z.string()),
  tasks: about(z.array(z.string()), 'what a goal can ask agents for'),
  from: about(z.array(z.string()), 'the files that the jobs were read from'),
})
