/** The terminal of this process, as whoever shows a run and asks questions on it sees it. */
export interface Terminal {
  /** A person looks on and can type: from now on a job that wants a terminal may have this one. */
  offer(): void
  /** Whether a job has it: nothing else may write to it then. */
  readonly isLent: boolean
  /** `before` is called at the moment before a job gets it, `after` once it is back. */
  whenLent(call: { readonly before: (job: string) => void; readonly after: () => void }): void
  /** Has it for a prompt, which then is not typed over; gives back how to let go of it. */
  hold(signal: AbortSignal): Promise<() => void>
}
