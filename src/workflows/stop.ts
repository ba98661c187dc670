/** That nothing more is to be begun in a run, and which job's or node's failure is why. */
export class Stop {
  readonly #listeners = new Set<() => void>()
  #cause: string | undefined

  /** The first one that failed; undefined while none has. */
  get cause(): string | undefined {
    return this.#cause
  }

  because(cause: string): void {
    if (this.#cause !== undefined) return
    this.#cause = cause
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const listener of listeners) listener()
  }

  /** Calls once something has failed, unless what it gives back was called before. */
  onStop(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
