import type { OutputPaths } from '#app/services.ts'
import { copyRange } from './copy-range.ts'
import { restingLine } from './terminal-text.ts'

/** So much of the end of an output is looked at for its last lines. */
const LOOKED_AT = 8 * 1024
const STREAMS = ['stdout', 'stderr'] as const

interface Looked {
  readonly path: string
  readonly size: number
  readonly lines: readonly string[]
}

/** The last lines of what running steps write, read anew only where they wrote more. */
export class OutputTails {
  readonly #files: OutputPaths
  readonly #runId: string
  /** By step: what was seen of each stream, and which of them grew last. */
  readonly #seen = new Map<number, Partial<Record<(typeof STREAMS)[number], Looked>>>()
  readonly #latest = new Map<number, Looked>()

  constructor(files: OutputPaths, runId: string) {
    this.#files = files
    this.#runId = runId
  }

  /** The end of the stream that the step wrote to last. */
  of(number: number, most: number): readonly string[] {
    const seen = this.#seen.get(number) ?? {}
    this.#seen.set(number, seen)
    for (const stream of STREAMS) {
      const path = this.#files.running(`${this.#runId}/${number}`, stream)
      if (path === undefined) continue
      const size = this.#files.size(path)
      if (seen[stream]?.path === path && seen[stream].size === size) continue
      const looked = { path, size, lines: lastLines(path, size) }
      seen[stream] = looked
      if (looked.lines.length > 0) this.#latest.set(number, looked)
    }
    return this.#latest.get(number)?.lines.slice(-most) ?? []
  }

  /** The step ended, or starts anew. */
  forget(number: number): void {
    this.#seen.delete(number)
    this.#latest.delete(number)
  }
}

function lastLines(path: string, size: number): readonly string[] {
  const chunks: Uint8Array[] = []
  const from = Math.max(0, size - LOOKED_AT)
  copyRange(path, { from, until: size }, (chunk) => chunks.push(Buffer.from(chunk)))
  const lines = Buffer.concat(chunks).toString('utf8').split('\n')
  // The first one may have begun before.
  return (from > 0 && lines.length > 1 ? lines.slice(1) : lines).map(restingLine).filter((line) => line.trim() !== '')
}
