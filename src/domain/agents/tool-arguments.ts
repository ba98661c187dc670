import * as z from 'zod/mini'

const path = z.string()
const text = z.string()
const count = z.int().check(z.gte(1))

const edit = z.strictObject({
  /** What is there now: exactly one place of the file, with its spaces and line breaks. */
  old: text.check(z.minLength(1)),
  /** What takes its place. */
  new: text,
})

/** What a tool takes, by its name. The comments of the keys are what an agent is told of them. */
export const TOOL_ARGUMENTS = {
  read: z.strictObject({
    path,
    /** The first line that is wanted, from 1. */
    from: z.optional(count),
    /** The last line that is wanted. */
    to: z.optional(count),
  }),
  list: z.strictObject({
    /** A directory. Default: the workspace. */
    path: z.optional(path),
    /** How many levels deep. Default: 1. */
    depth: z.optional(count.check(z.lte(20))),
  }),
  search: z.strictObject({
    /** A text that stands on one line, or a regular expression. */
    pattern: text.check(z.minLength(1), z.maxLength(1000)),
    /** Whether the pattern is a regular expression. Default: false. */
    regex: z.optional(z.boolean()),
    /** Whether letter case counts. Default: true. */
    case: z.optional(z.boolean()),
    /** A directory or a file. Default: the workspace. */
    path: z.optional(path),
    /** Only files whose path matches, such as `src/**` + `/*.ts`. */
    files: z.optional(text.check(z.minLength(1), z.maxLength(1000))),
  }),
  write: z.strictObject({
    path,
    /** All that the file shall hold. */
    text,
  }),
  edit: z.strictObject({ path, edits: z.array(edit).check(z.minLength(1), z.maxLength(100)) }),
  run: z.strictObject({
    /** A command that the configuration names for agents. */
    command: text,
  }),
} as const

export type FileToolName = keyof typeof TOOL_ARGUMENTS
export type ToolArguments<Name extends FileToolName> = z.infer<(typeof TOOL_ARGUMENTS)[Name]>

export function isFileTool(name: string): name is FileToolName {
  return Object.hasOwn(TOOL_ARGUMENTS, name)
}
