/** Lets at most `limit` pieces of work go on at once; the others start in the order in which they asked. */
export function limiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let going = 0
  return async (work) => {
    if (going >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else going += 1
    const result = await work()
    const next = waiting.shift()
    // Whoever waits takes over the place; it was never free in between.
    if (next !== undefined) next()
    else going -= 1
    return result
  }
}
