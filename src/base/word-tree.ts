const ROOT = 0
/** How full the table of edges may become, as a part of its places. */
const MOST_FULL = 0.6

/**
 * All words at once, byte by byte (Aho and Corasick). Its state is the longest end of what was read that begins a
 * word, so whatever the words and the text are, a byte costs two steps at most, counted over the whole text.
 */
export class WordTree {
  /** Edges by `node * 256 + byte`, in a table with open addressing; -1 where a place is free. */
  #keys = new Float64Array(1024).fill(-1)
  #targets = new Int32Array(1024)
  #nodes = 1
  #parents: number[] = [ROOT]
  #bytes: number[] = [0]
  #isWord: boolean[] = [false]
  /** The state to go on from where no edge fits. */
  readonly #fallbacks: Int32Array
  readonly #depths: Int32Array
  /** The length of the longest word that ends in a state; 0 where none does. */
  readonly #lengths: Int32Array
  /** The length of the longest word. */
  readonly longest: number

  constructor(words: Iterable<Uint8Array>) {
    for (const word of words) this.#add(word)
    this.#fallbacks = new Int32Array(this.#nodes)
    this.#depths = new Int32Array(this.#nodes)
    this.#lengths = new Int32Array(this.#nodes)
    this.longest = this.#link()
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
    const place = this.#placeOf(state * 256 + byte)
    return this.#keys[place] === -1 ? ROOT : (this.#targets[place] ?? ROOT)
  }

  /** How many of the last bytes may begin a word. */
  depthOf(state: number): number {
    return this.#depths[state] ?? 0
  }

  /** How long the longest word is that ends here; 0 where none does. */
  wordAt(state: number): number {
    return this.#lengths[state] ?? 0
  }

  #add(word: Uint8Array): void {
    let node = ROOT
    for (const byte of word) node = this.#edgeTo(node, byte)
    this.#isWord[node] = true
  }

  #edgeTo(node: number, byte: number): number {
    const known = this.edge(node, byte)
    if (known !== ROOT) return known
    const target = this.#nodes
    this.#nodes += 1
    if (this.#nodes > this.#keys.length * MOST_FULL) this.#grow()
    this.#put(node * 256 + byte, target)
    this.#parents.push(node)
    this.#bytes.push(byte)
    this.#isWord.push(false)
    return target
  }

  /** Nodes by their depth, since a fallback is always nearer to the root; gives the greatest depth of a word. */
  #link(): number {
    const count = this.#nodes
    for (let node = 1; node < count; node++) this.#depths[node] = (this.#depths[this.#parents[node] ?? 0] ?? 0) + 1
    for (const node of byDepth(this.#depths)) {
      const parent = this.#parents[node] ?? ROOT
      const fallback = parent === ROOT ? ROOT : this.next(this.#fallbacks[parent] ?? ROOT, this.#bytes[node] ?? 0)
      this.#fallbacks[node] = fallback
      const length = this.#isWord[node] === true ? this.#depths[node] : this.#lengths[fallback]
      this.#lengths[node] = length ?? 0
    }
    this.#parents = []
    this.#bytes = []
    this.#isWord = []
    return this.#depths.reduce((most, depth) => Math.max(most, depth), 0)
  }

  #placeOf(key: number): number {
    const mask = this.#keys.length - 1
    let place = Math.imul(key ^ (key >>> 15), 0x9e37_79b1) & mask
    while (this.#keys[place] !== -1 && this.#keys[place] !== key) place = (place + 1) & mask
    return place
  }

  #put(key: number, target: number): void {
    const place = this.#placeOf(key)
    this.#keys[place] = key
    this.#targets[place] = target
  }

  #grow(): void {
    const [keys, targets] = [this.#keys, this.#targets]
    this.#keys = new Float64Array(keys.length * 4).fill(-1)
    this.#targets = new Int32Array(keys.length * 4)
    keys.forEach((key, place) => {
      if (key !== -1) this.#put(key, targets[place] ?? ROOT)
    })
  }
}

/** All nodes but the root, the nearer ones first. */
function byDepth(depths: Int32Array): Int32Array {
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0)
  const starts = new Int32Array(deepest + 2)
  for (let node = 1; node < depths.length; node++)
    starts[(depths[node] ?? 0) + 1] = (starts[(depths[node] ?? 0) + 1] ?? 0) + 1
  for (let depth = 1; depth < starts.length; depth++) starts[depth] = (starts[depth] ?? 0) + (starts[depth - 1] ?? 0)
  const nodes = new Int32Array(Math.max(0, depths.length - 1))
  for (let node = 1; node < depths.length; node++) {
    const depth = depths[node] ?? 0
    const place = starts[depth] ?? 0
    nodes[place] = node
    starts[depth] = place + 1
  }
  return nodes
}
