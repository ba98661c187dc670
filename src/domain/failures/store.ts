import * as z from 'zod/mini'
import type { FailureEntries } from './entry.ts'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** The store, its key, and copies of it. */
export const storeFailures = {
  store_missing: {
    means: 'There is no store yet: nothing was ever run here.',
    data: z.object({ path: text }),
  },
  store_read_only: {
    means: 'The store cannot be written: the directory, the file or the disk is read-only.',
    data: z.object({ path: text, reason: text }),
  },
  store_full: {
    means: 'The disk is full. What was recorded before is kept.',
    data: z.object({ path: text, reason: text }),
  },
  store_busy: {
    means: 'Other processes kept the store locked for too long.',
    data: z.object({ path: text, waited_ms: whole }),
  },
  store_damaged: {
    means: 'The store is damaged or is not a store of ours.',
    data: z.object({ path: text, reason: text }),
  },
  store_newer: {
    means: 'The store was written by a newer version, which this one does not guess at.',
    data: z.object({ path: text, found: whole, known: whole }),
  },
  store_io: {
    means: 'The operating system reported an input or output error on the store.',
    data: z.object({ path: text, reason: text }),
  },
  event_unreadable: {
    means: 'A recorded event cannot be read or does not match its digest; it is left out, not repaired.',
    data: z.object({ run: optionalText, seq: whole, reason: text }),
  },
  key_unusable: {
    means: 'The signing key cannot be read, or others may read it.',
    data: z.object({ path: text, reason: text }),
  },
  backup_exists: {
    means: 'A backup is a new directory, and something has that name already. Nothing was changed.',
    data: z.object({ path: text }),
  },
} as const satisfies FailureEntries
