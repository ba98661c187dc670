/** A body may be 4 MiB of JSON, which is written into JSON once more. */
const LINE_LIMIT_BYTES = 64 * 1024 * 1024

const LINE_FEED = 0x0a

export type Line =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'bad'; readonly reason: string }
  /** The bytes end without a line feed. */
  | { readonly kind: 'torn' }

/** Lines of UTF-8 text. What is not UTF-8, or endless, is told and not guessed at. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let pieces: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      pieces.push(chunk.subarray(start, end))
      yield length + end - start > LINE_LIMIT_BYTES ? TOO_LONG : decode(decoder, pieces)
      pieces = []
      length = 0
      start = end + 1
    }
    length += chunk.length - start
    // Of a line that is too long anyway, nothing more is kept.
    if (length <= LINE_LIMIT_BYTES && start < chunk.length) pieces.push(chunk.slice(start))
  }
  if (length > 0) yield { kind: 'torn' }
}

const TOO_LONG: Line = { kind: 'bad', reason: 'it is too long for a line of this format' }

function decode(decoder: TextDecoder, pieces: readonly Uint8Array[]): Line {
  try {
    return { kind: 'whole', text: decoder.decode(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)) }
  } catch {
    return { kind: 'bad', reason: 'it is not UTF-8' }
  }
}
