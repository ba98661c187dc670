import * as z from 'zod/mini'

const Digest = z.nullable(z.string())

/**
 * That a file was written, made or removed: a fact of the log. What it held before is kept under its digest, so that it
 * can be put back.
 */
export const FileChange = z.object({
  /** Below the root, with `/` between names. */
  path: z.string(),
  /** Absolute: the directory of the space that it lies in. */
  root: z.string(),
  /** What it holds now; null where it is gone. */
  bytes: z.nullable(z.int()),
  sha256: Digest,
  /** What it held before; null where it was not there. */
  before: Digest,
  /** Its permissions before, as a number; null where it was not there. */
  mode: z.nullable(z.int()),
  /** Directories that were made for it, below the root, the outermost first. */
  made: z.readonly(z.array(z.string())),
})
export type FileChange = Readonly<z.infer<typeof FileChange>>
