import { type Algorithm, algorithmOfDigits, algorithmOfTag, tagOf } from './algorithm.ts'

/** A file and the digest it should have. */
export interface ManifestEntry {
  readonly name: string
  readonly algorithm: Algorithm
  /** Lower-case hexadecimal digits. */
  readonly hash: string
}

export type ManifestLine =
  | { readonly kind: 'entry'; readonly entry: ManifestEntry }
  /** Empty, or a comment. */
  | { readonly kind: 'nothing' }
  /** `reason` completes "is no checksum line: …". */
  | { readonly kind: 'malformed'; readonly reason: string }

/**
 * The line as `sha256sum` and its sisters write it, `tagged` as with their `--tag`. A name with a backslash or a line
 * break is escaped, and a backslash before the line says so.
 */
export function printEntry({ name, algorithm, hash }: ManifestEntry, tagged: boolean): string {
  const shown = escapeName(name)
  const mark = shown === name ? '' : '\\'
  return tagged ? `${mark}${tagOf(algorithm)} (${shown}) = ${hash}` : `${mark}${hash}  ${shown}`
}

/** A name on one line, as manifests have it. */
export function escapeName(name: string): string {
  return name.replace(/[\\\n\r]/g, (character) => ESCAPES[character] ?? character)
}

/**
 * Reads a line without its line feed: of `sha256sum` in text or binary mode, or with the algorithm's tag as BSD's tools
 * and OpenSSL write it. Where `wanted` is given, other algorithms are refused.
 */
export function readLine(text: string, wanted: Algorithm | undefined): ManifestLine {
  const line = text.replace(/\r$/, '').replace(/^[ \t]+/, '')
  if (line === '' || line.startsWith('#')) return { kind: 'nothing' }
  const isEscaped = line.startsWith('\\')
  const rest = isEscaped ? line.slice(1) : line
  const parts = plainParts(rest) ?? taggedParts(rest)
  if (parts === undefined) return malformed('neither "digest  file" nor "SHA256 (file) = digest"')
  const algorithm = algorithmOfParts(parts, wanted)
  if (typeof algorithm !== 'string') return algorithm
  const name = isEscaped ? unescapeName(parts.name) : parts.name
  if (name === undefined) return malformed('an escape in the name of the file is unknown')
  if (name.includes('\0')) return malformed('the name of the file holds a zero byte')
  return { kind: 'entry', entry: { name, algorithm, hash: parts.hash.toLowerCase() } }
}

interface Parts {
  readonly name: string
  readonly hash: string
  readonly tag?: string
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' }
const UNESCAPES: Readonly<Record<string, string>> = { '\\': '\\', n: '\n', r: '\r' }

/** One blank alone is how `md5 -r` of BSD has it, two or a star how GNU's tools do. */
function plainParts(line: string): Parts | undefined {
  const [, hash, name] = /^([0-9a-fA-F]{8,})(?: [ *]|[ \t](?![ *]))(.+)$/s.exec(line) ?? []
  return hash === undefined || name === undefined ? undefined : { hash, name }
}

function taggedParts(line: string): Parts | undefined {
  const [, tag, name, hash] = /^([A-Za-z][A-Za-z0-9/_-]*) ?\((.+)\) ?= ?([0-9a-fA-F]+)[ \t]*$/s.exec(line) ?? []
  return tag === undefined || name === undefined || hash === undefined ? undefined : { tag, name, hash }
}

function algorithmOfParts({ tag, hash }: Parts, wanted: Algorithm | undefined): Algorithm | ManifestLine {
  const byDigits = algorithmOfDigits(hash.length)
  const meant = tag === undefined ? byDigits : algorithmOfTag(tag)
  if (meant === undefined) {
    return malformed(tag === undefined ? `no known digest has ${hash.length} digits` : `${tag} is not supported`)
  }
  if (meant !== byDigits) return malformed(`a digest of ${meant} does not have ${hash.length} digits`)
  if (wanted !== undefined && meant !== wanted) return malformed(`it is of ${meant}, ${wanted} was asked for`)
  return meant
}

function unescapeName(name: string): string | undefined {
  let isKnown = true
  const plain = name.replace(/\\(.?)/gs, (_, character: string) => {
    const meant = UNESCAPES[character]
    if (meant === undefined) isKnown = false
    return meant ?? ''
  })
  return isKnown ? plain : undefined
}

function malformed(reason: string): ManifestLine {
  return { kind: 'malformed', reason }
}
