import { nearest } from '#base/text.ts'

/** What a file can be hashed with. */
export const ALGORITHMS = ['sha256', 'sha512', 'sha1', 'xxh64'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

export const DEFAULT_ALGORITHM: Algorithm = 'sha256'

/** How many hexadecimal digits a digest has: no two have the same, so a digest tells its algorithm. */
const DIGITS: Readonly<Record<Algorithm, number>> = { sha256: 64, sha512: 128, sha1: 40, xxh64: 16 }

/** How OpenSSL 3 spells some of them in its lines. */
const OTHER_TAGS: Readonly<Record<string, Algorithm>> = { 'sha2-256': 'sha256', 'sha2-512': 'sha512' }

/** The algorithm of that name, in whatever case it is written. */
export function algorithmOf(name: string): Algorithm | undefined {
  const lower = name.toLowerCase()
  return ALGORITHMS.find((algorithm) => algorithm === lower)
}

export function nearestAlgorithm(name: string): Algorithm | undefined {
  const found = nearest(name.replaceAll(/[-_ ]/g, ''), ALGORITHMS)
  return found === undefined ? undefined : algorithmOf(found)
}

/** The algorithm whose digests have so many digits. */
export function algorithmOfDigits(digits: number): Algorithm | undefined {
  return ALGORITHMS.find((algorithm) => DIGITS[algorithm] === digits)
}

/** The algorithm that a tag in a manifest means, such as `SHA256` before a file's name. */
export function algorithmOfTag(tag: string): Algorithm | undefined {
  return OTHER_TAGS[tag.toLowerCase()] ?? algorithmOf(tag)
}

export function tagOf(algorithm: Algorithm): string {
  return algorithm.toUpperCase()
}
