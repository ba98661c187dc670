import type * as z from 'zod/mini'

export interface FailureEntry {
  /** One sentence for the catalogue in docs/failures.md. */
  readonly means: string
  readonly data: z.ZodMiniObject
}

/** Kinds of failure by code: each code is stable, carries data and never a finished sentence. */
export type FailureEntries = Readonly<Record<string, FailureEntry>>
