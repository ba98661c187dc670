import * as z from 'zod/mini'
import { Argv, PathText } from './text.ts'

/** Configured work in a repository, under the keys of the configuration file. */
export const Task = z.strictObject({
  /** What the task is for. */
  description: z.optional(z.string()),
  /** Whether the work is in this product's own repository or in another one: it decides the name of the branch. */
  repo: z.enum(['orchastration', 'external']),
  /** Absolute: the repository. */
  working_dir: PathText.check(z.refine(isAbsolute, { error: 'absolute' })),
  /** The program and its arguments; no shell reads them. */
  command: Argv,
  /** Files that the command must have made, relative to the repository. */
  outputs: z.optional(z.array(PathText)),
  /** Files that belong to the work, for people to know of. */
  documents: z.optional(z.array(z.string())),
  /** Where the task stands before anything was done. Default: planned. */
  status: z.optional(z.enum(['planned', 'in_progress', 'done'])),
})
export type Task = z.infer<typeof Task>

/** By the rules of both families of systems: a file may be written on one and read on the other. */
function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path)
}
