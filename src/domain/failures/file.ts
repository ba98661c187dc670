import * as z from 'zod/mini'
import type { FailureEntries } from './entry.ts'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** Files that somebody named, and what should become of them. */
export const fileFailures = {
  file_unreadable: {
    means: 'A file that was named cannot be read, or is not what it should be.',
    data: z.object({ path: text, reason: text }),
  },
  file_unwritable: {
    means: 'A file cannot be written.',
    data: z.object({ path: text, reason: text }),
  },
  file_exists: {
    means: 'A file that would be written is there already. It was left as it is.',
    data: z.object({ path: text }),
  },
  file_missing: {
    means: 'A file that was named is not there.',
    data: z.object({ path: text }),
  },
  file_special: {
    means: 'A file that was named is a pipe, a socket or a device: it has no content that stays.',
    data: z.object({ path: text, kind: z.enum(['pipe', 'socket', 'device', 'unknown']) }),
  },
  file_changed: {
    means: 'A file changed while it was read, so what was read is no state that it ever had.',
    data: z.object({ path: text, how: z.enum(['grew', 'shrank', 'written', 'touched', 'replaced', 'removed']) }),
  },
  link_broken: {
    means: 'A symbolic link leads to a file that is not there.',
    data: z.object({ path: text, target: text }),
  },
  link_loop: {
    means: 'Symbolic links lead in a circle.',
    data: z.object({ path: text }),
  },
  hash_without_file: {
    means: 'Nothing was named that could be hashed.',
    data: z.object({ option: text }),
  },
  algorithm_unknown: {
    means: 'Files cannot be hashed with an algorithm of that name.',
    data: z.object({ algorithm: text, nearest: optionalText, known: z.array(text) }),
  },
  manifest_unusable: {
    means: 'A manifest of checksums has no line that could be checked.',
    data: z.object({
      path: text,
      malformed: whole,
      first: z.optional(z.object({ line: whole, text, reason: text })),
      /** Files of it that are not there and were to be passed over. */
      passed_over: whole,
    }),
  },
} as const satisfies FailureEntries
