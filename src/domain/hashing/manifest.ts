import type { Algorithm } from './algorithm.ts'
import { type ManifestEntry, readLine } from './manifest-line.ts'

/** What a manifest says, and what of it could not be understood. */
export interface Manifest {
  readonly entries: readonly (ManifestEntry & { readonly line: number })[]
  readonly malformed: readonly MalformedLine[]
}

export interface MalformedLine {
  /** Counted from 1. */
  readonly line: number
  readonly text: string
  readonly reason: string
}

/** More of a line that is none of ours is of no help, and it may be a whole file of another kind. */
const MOST_SHOWN = 200

/** Reads a whole manifest. Empty lines, comments, a byte order mark and Windows line ends do no harm. */
export function readManifest(text: string, wanted?: Algorithm): Manifest {
  const entries: (ManifestEntry & { line: number })[] = []
  const malformed: MalformedLine[] = []
  const lines = text.replace(/^\ufeff/, '').split('\n')
  for (const [index, content] of lines.entries()) {
    const read = readLine(content, wanted)
    const line = index + 1
    if (read.kind === 'entry') entries.push({ ...read.entry, line })
    if (read.kind === 'malformed') malformed.push({ line, text: content.slice(0, MOST_SHOWN), reason: read.reason })
  }
  return { entries, malformed }
}
