/** Who has something that only one can have, in the order in which they asked. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Waits for its turn; gives how to end it. Undefined where the signal aborted first. */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    const before = this.#last
    const turn = Promise.withResolvers<void>()
    this.#last = before.then(() => turn.promise)
    const aborted = Promise.withResolvers<'aborted'>()
    const abort = () => aborted.resolve('aborted')
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    const first = await Promise.race([aborted.promise, before])
    signal.removeEventListener('abort', abort)
    if (first !== 'aborted') return () => turn.resolve()
    turn.resolve()
    return undefined
  }
}
