const ROOT = 0
/** What is known of a state: it goes on from the one numbered before it, a word ends in it, others go on from it. */
const FOLLOWS = 1
const IS_WORD = 2
const BRANCHES = 4

/**
 * All words at once, byte by byte (Aho and Corasick). Its state is the longest end of what was read that begins a
 * word, so whatever the words and the text are, a byte costs two steps at most, counted over the whole text. Most
 * states go on to the one numbered after them, which takes no room: a word has at most one edge that does not.
 */
export class WordTree {
  /** The byte that leads to a state. */
  readonly #bytes: Uint8Array
  readonly #kinds: Uint8Array
  /** Where other bytes lead than those to the following state, by `state * 256 + byte`. */
  readonly #branches = new Map<number, number>()
  readonly #parents = new Map<number, number>()
  /** Where the bytes lead that begin words: asked for most of all. */
  readonly #firsts = new Int32Array(256)
  #nodes = 1
  /** The state to go on from where no edge fits. */
  readonly #fallbacks: Int32Array
  readonly #depths: Int32Array
  /** The state that is the longest word that ends in a state; the root where none does. */
  readonly #words: Int32Array
  /** The length of the longest word. */
  readonly longest: number

  constructor(words: readonly Uint8Array[]) {
    const most = words.reduce((sum, word) => sum + word.length, 1)
    this.#bytes = new Uint8Array(most)
    this.#kinds = new Uint8Array(most)
    this.#depths = new Int32Array(most)
    for (const word of words) this.#add(word)
    this.#fallbacks = new Int32Array(this.#nodes)
    this.#words = new Int32Array(this.#nodes)
    this.longest = words.reduce((longest, word) => Math.max(longest, word.length), 0)
    this.#link()
  }

  /** The state after one more byte. */
  next(state: number, byte: number): number {
    let from = state
    for (;;) {
      const target = this.edge(from, byte)
      if (target !== ROOT) return target
      if (from === ROOT) return ROOT
      from = this.#fallbacks[from] ?? ROOT
    }
  }

  /** Where this byte leads from a state, without falling back; 0 for nowhere. */
  edge(state: number, byte: number): number {
    if (state === ROOT) return this.#firsts[byte] ?? ROOT
    const follower = state + 1
    if (this.#bytes[follower] === byte && ((this.#kinds[follower] ?? 0) & FOLLOWS) !== 0) return follower
    if (((this.#kinds[state] ?? 0) & BRANCHES) === 0) return ROOT
    return this.#branches.get(state * 256 + byte) ?? ROOT
  }

  /** How many of the last bytes may begin a word. */
  depthOf(state: number): number {
    return this.#depths[state] ?? 0
  }

  /** How long the longest word is that ends here; 0 where none does. */
  wordAt(state: number): number {
    return this.depthOf(this.#words[state] ?? ROOT)
  }

  /** The length of every word that ends here, the longest first. */
  *wordsAt(state: number): Generator<number> {
    for (let word = this.#words[state] ?? ROOT; word !== ROOT; ) {
      yield this.depthOf(word)
      word = this.#words[this.#fallbacks[word] ?? ROOT] ?? ROOT
    }
  }

  #add(word: Uint8Array): void {
    let node = ROOT
    for (const byte of word) {
      const known = this.edge(node, byte)
      node = known === ROOT ? this.#put(node, byte) : known
    }
    this.#kinds[node] = (this.#kinds[node] ?? 0) | IS_WORD
  }

  #put(node: number, byte: number): number {
    const target = this.#nodes
    this.#nodes += 1
    this.#bytes[target] = byte
    this.#depths[target] = this.depthOf(node) + 1
    if (node === ROOT) this.#firsts[byte] = target
    if (target === node + 1) {
      this.#kinds[target] = FOLLOWS
      return target
    }
    this.#parents.set(target, node)
    if (node === ROOT) return target
    this.#kinds[node] = (this.#kinds[node] ?? 0) | BRANCHES
    this.#branches.set(node * 256 + byte, target)
    return target
  }

  #parentOf(node: number): number {
    return ((this.#kinds[node] ?? 0) & FOLLOWS) === 0 ? (this.#parents.get(node) ?? ROOT) : node - 1
  }

  /** State by state in the order of their depths, since a fallback is always nearer to the root. */
  #link(): void {
    const starts = [1, ...this.#parents.keys()]
    const chains = starts.map((start, index) => ({ at: start, end: starts[index + 1] ?? this.#nodes }))
    const waiting = chains.sort((one, other) => this.depthOf(other.at) - this.depthOf(one.at))
    let open: typeof chains = []
    for (let depth = 1; depth <= this.longest; depth++) {
      for (let last = waiting.at(-1); last !== undefined && this.depthOf(last.at) === depth; last = waiting.at(-1)) {
        open.push(last)
        waiting.pop()
      }
      let hasEnded = false
      for (const chain of open) {
        this.#linkOne(chain.at)
        chain.at += 1
        hasEnded ||= chain.at === chain.end
      }
      if (hasEnded) open = open.filter(({ at, end }) => at < end)
    }
  }

  #linkOne(node: number): void {
    const parent = this.#parentOf(node)
    const fallback = parent === ROOT ? ROOT : this.next(this.#fallbacks[parent] ?? ROOT, this.#bytes[node] ?? 0)
    this.#fallbacks[node] = fallback
    this.#words[node] = ((this.#kinds[node] ?? 0) & IS_WORD) === 0 ? (this.#words[fallback] ?? ROOT) : node
  }
}
