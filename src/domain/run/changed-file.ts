import * as z from 'zod/mini'

/** One time that an agent wrote a file. */
export const FileWrite = z.object({
  /** The node whose agent did it; null where nobody can say. */
  node: z.nullable(z.string()),
  round: z.nullable(z.int()),
  item: z.nullable(z.int()),
  /** Milliseconds since the epoch. */
  at: z.int(),
  /** Of what it held then; null where it was removed. */
  sha256: z.nullable(z.string()),
  bytes: z.nullable(z.int()),
  /** Of what it held before; null where it was not there. */
  before: z.nullable(z.string()),
})
export type FileWrite = z.infer<typeof FileWrite>

/** A file that agents of a run have changed, from the first time to the last. */
export const ChangedFile = z.object({
  /** Absolute: the directory of the space that it lies in. */
  root: z.string(),
  /** Below the root, with `/` between names. */
  path: z.string(),
  writes: z.array(FileWrite),
  /** Lines. Null where the contents are no texts, or are not kept. */
  added: z.nullable(z.int()),
  removed: z.nullable(z.int()),
  /** Hunks as `diff -u` writes them, line by line. */
  diff: z.nullable(z.array(z.string())),
})
export type ChangedFile = z.infer<typeof ChangedFile>
