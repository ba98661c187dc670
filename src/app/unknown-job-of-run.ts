import { nearest } from '#base/text.ts'
import type { FailureOf } from '#domain/failure.ts'

/** The run has no job of that name; one that it has may be meant. */
export function unknownJobOfRun(job: string, run: string, known: readonly string[]): FailureOf<'unknown_job'> {
  const suggestion = nearest(job, known)
  return { code: 'unknown_job', job, run, known: [...known], ...(suggestion !== undefined && { nearest: suggestion }) }
}
