/** Choices that follow from a seed alone (mulberry32). */
export class Chance {
  #state: number

  constructor(seed: number) {
    // Neighbouring seeds must not begin alike.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0
    this.next()
    this.next()
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  happens(probability: number): boolean {
    return this.next() < probability
  }

  one<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)]
    if (chosen === undefined) throw new Error('nothing to choose from')
    return chosen
  }

  /** One of the values, each as likely as its weight says. */
  weighted<T>(options: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * options.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of options) {
      left -= weight
      if (left < 0) return value
    }
    return this.one(options)[1]
  }

  fork(): Chance {
    return new Chance(this.below(2 ** 31))
  }
}
