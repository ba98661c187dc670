import type { Algorithm } from '#domain/hashing/algorithm.ts'

/** How digests of one algorithm are made. */
export interface Hasher {
  /** Of bytes that are all there. */
  readonly whole: (bytes: Uint8Array) => string
  /** Of bytes that come piece by piece. */
  readonly begin: () => { readonly update: (bytes: Uint8Array) => void; readonly digest: () => string }
}

const HEX_DIGITS_OF_64_BITS = 16

/** The hashers of a thread, each loaded when the first file asks for it. */
export function hashers(): (algorithm: Algorithm) => Hasher | Promise<Hasher> {
  const loaded = new Map<Algorithm, Hasher>()
  return (algorithm) => loaded.get(algorithm) ?? load(algorithm, loaded)
}

async function load(algorithm: Algorithm, loaded: Map<Algorithm, Hasher>): Promise<Hasher> {
  const hasher = algorithm === 'xxh64' ? await xxh64() : secure(algorithm)
  loaded.set(algorithm, hasher)
  return hasher
}

/** By Bun's own, which use what the processor has for it. */
function secure(algorithm: Exclude<Algorithm, 'xxh64'>): Hasher {
  return {
    whole: (bytes) => Bun.CryptoHasher.hash(algorithm, bytes, 'hex'),
    begin: () => {
      const hash = new Bun.CryptoHasher(algorithm)
      return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') }
    },
  }
}

async function xxh64(): Promise<Hasher> {
  const { default: xxhash } = await import('xxhash-wasm')
  const { h64Raw, create64 } = await xxhash()
  return {
    whole: (bytes) => hex(h64Raw(bytes)),
    begin: () => {
      const hash = create64()
      return { update: (bytes) => void hash.update(bytes), digest: () => hex(hash.digest()) }
    },
  }
}

function hex(digest: bigint): string {
  return digest.toString(16).padStart(HEX_DIGITS_OF_64_BITS, '0')
}
