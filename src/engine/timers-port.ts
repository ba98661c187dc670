/** Waiting. What it calls comes one at a time, and the code that a call sets going is idle again before the next. */
export interface Timers {
  /** Calls when the wall clock shows `dueMs` or later, however it got there. Returns the way to call it off. */
  at(dueMs: number, call: () => void): () => void
  /** Calls after so many milliseconds have passed, whatever the wall clock does. */
  after(durationMs: number, call: () => void): () => void
  /** Calls soon. */
  soon(call: () => void): void
}
