/** Runs with waits, open questions or builds that go on. To look for them takes as long as all other folds. */
export interface OpenRuns {
  add(runId: string): void
  mayHave(runId: string): boolean
  remove(runId: string): void
}

/** Executes a statement of a fold. */
export interface Run {
  (sql: string, ...values: readonly (string | number | null)[]): void
  readonly open: OpenRuns
}
