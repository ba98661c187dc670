/** That nothing more is to be begun in a run, and which job's failure is why. */
export class Stop {
  readonly #listeners: (() => void)[] = []
  #cause: string | undefined

  /** The first job that failed; undefined while none has. */
  get cause(): string | undefined {
    return this.#cause
  }

  because(job: string): void {
    if (this.#cause !== undefined) return
    this.#cause = job
    for (const listener of this.#listeners.splice(0)) listener()
  }

  /** Calls once a job has failed. */
  onStop(listener: () => void): void {
    this.#listeners.push(listener)
  }
}
