/** How often each node, and each item of one, was taken. */
export class RoundCount {
  readonly #rounds = new Map<string, number>()

  /** 0 for what was not taken yet. */
  get(node: string): number {
    return this.#rounds.get(node) ?? 0
  }

  next(node: string, item?: number): number {
    const place = item === undefined ? node : `${node}[${item}]`
    const round = this.get(place) + 1
    this.#rounds.set(place, round)
    return round
  }
}
