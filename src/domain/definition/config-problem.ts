import * as z from 'zod/mini'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** One thing wrong in a configuration file, with its place. Lines and columns count from 1. */
export const ConfigProblem = z.object({
  kind: z.enum([
    'syntax',
    'not_json',
    'unknown_key',
    'wrong_type',
    'missing_key',
    'bad_value',
    'bad_name',
    'name_clash',
    'unknown_need',
    'cycle',
    'two_writers',
    'duplicate',
    'bad_expression',
    'not_here',
  ]),
  line: whole,
  column: whole,
  /** How many columns the caret line underlines. */
  width: whole,
  /** The line of the file that holds the place. */
  source: text,
  /** The key's path, such as `jobs.test.command`; empty where the text could not be read as TOML. */
  key: text,
  /** The table that holds the key, such as `jobs.test`; empty at the top. */
  table: text,
  found: optionalText,
  expected: optionalText,
  nearest: optionalText,
})
export type ConfigProblem = z.infer<typeof ConfigProblem>

/** All that is wrong with one file; `more` counts the problems beyond those that are listed. */
export const FileProblems = z.object({ path: z.string(), problems: z.array(ConfigProblem), more: z.optional(whole) })
export type FileProblems = z.infer<typeof FileProblems>
