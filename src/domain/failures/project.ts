import * as z from 'zod/mini'
import type { FailureEntries } from './entry.ts'

const optionalText = z.optional(z.string())
const text = z.string()

/** Projects that bring a configuration of their own, and the trust in them. */
export const projectFailures = {
  project_untrusted: {
    means: 'The project file was not trusted as it is now, so nothing of it is obeyed.',
    data: z.object({
      path: text,
      directory: text,
      reason: z.enum(['new', 'changed', 'open']),
      /** What changed, or may be changed by everybody on the machine. */
      files: z.array(text),
      /** The job that was asked for, and that it defines. */
      job: optionalText,
      /** Or the task. */
      task: optionalText,
      /** Or the orchestration. */
      orchestration: optionalText,
    }),
  },
  project_missing: {
    means: 'There is no project file in the directory or above it.',
    data: z.object({ directory: text }),
  },
  trust_refused: {
    means: 'Everybody on the machine may change files of the project, so nobody can vouch for them.',
    data: z.object({ path: text, files: z.array(text) }),
  },
} as const satisfies FailureEntries
