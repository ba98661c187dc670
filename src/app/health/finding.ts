import type { Failure } from '#domain/failure.ts'
import { describeFailure } from '../failure-text.ts'

/** What was looked at, and what came of it. */
export interface Finding {
  readonly check: string
  /** A problem keeps something from working, or will; a note is worth knowing. */
  readonly state: 'ok' | 'note' | 'problem'
  readonly what: string
  /** A path, where it is about one. */
  readonly where: string | null
  /** More on it, a line each. */
  readonly detail: readonly string[]
  /** What to do, a line each. */
  readonly todo: readonly string[]
}

interface Parts {
  readonly where?: string
  readonly detail?: readonly string[]
  readonly todo?: readonly string[]
}

export function good(check: string, what: string, where?: string): Finding {
  return { check, state: 'ok', what, where: where ?? null, detail: [], todo: [] }
}

export function note(check: string, what: string, { where, detail = [], todo = [] }: Parts = {}): Finding {
  return { check, state: 'note', what, where: where ?? null, detail, todo }
}

export function problem(check: string, what: string, { where, detail = [], todo = [] }: Parts = {}): Finding {
  return { check, state: 'problem', what, where: where ?? null, detail, todo }
}

/** A failure, in the words that a command would have for it. */
export function failed(check: string, failure: Failure, home: string | undefined): Finding {
  const { headline, detail, todo } = describeFailure(failure, home)
  return problem(check, headline, { detail, todo })
}
