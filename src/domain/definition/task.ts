import * as z from 'zod/mini'
import { Name } from './name.ts'
import { Argv, PassedText, PathText } from './text.ts'

/** Configured work in a repository, under the keys of the configuration file. */
export const Task = z.strictObject({
  /** What the task is for. */
  description: z.optional(PassedText),
  /** Words by which a goal finds the task, beside its name and description. */
  keywords: z.optional(z.array(z.string().check(z.minLength(1)))),
  /** Whether the work is in this product's own repository or in another one: it decides the name of the branch. */
  repo: z.enum(['orchastration', 'external']),
  /** The repository: absolute, or in the file of a project relative to that file. */
  working_dir: PathText,
  /** The program and its arguments; no shell reads them. */
  command: Argv,
  /** Whole seconds until the command and all it started are ended; 0 or less means no limit. Default: 0. */
  timeout_seconds: z.optional(z.int().check(z.lte(31_536_000))),
  /** Tasks that come before this one where several are planned together. */
  needs: z.optional(z.array(Name)),
  /** Files that the command must make or write anew, relative to the repository. */
  outputs: z.optional(z.array(PathText)),
  /** Commands that a review runs in the repository, each within the time of the task; all must succeed. */
  checks: z.optional(z.array(Argv)),
  /** Files that belong to the work, for people to know of. */
  documents: z.optional(z.array(z.string())),
  /** Where the task stands before anything was done. Default: planned. */
  status: z.optional(z.enum(['planned', 'in_progress', 'done'])),
})
export type Task = z.infer<typeof Task>

/** The tasks of a file whose directories count from that file: they may stand in that of a project only. */
export function relativeTasks(tasks: unknown): readonly string[] {
  if (typeof tasks !== 'object' || tasks === null) return []
  return Object.entries(tasks).flatMap(([name, task]: [string, unknown]) => {
    const isTask = typeof task === 'object' && task !== null && 'working_dir' in task
    const directory = isTask ? task.working_dir : undefined
    return typeof directory === 'string' && directory !== '' && !isAbsolute(directory) ? [name] : []
  })
}

/** By the rules of both families of systems: a file may be written on one and read on the other. */
function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path)
}
