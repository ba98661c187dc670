/**
 * Text that may hold bytes which are no UTF-8, as names of files may: each such byte is the lone surrogate U+DC00 plus
 * its value. So a name stays one string, equal names stay equal, and no byte of it is lost.
 */
const RAW = /[\udc80-\udcff]/
const FROM_SURROGATES = /[\ud800-\uffff]/
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes, whatever they are. */
export function rawText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeByHand(bytes)
  }
}

/** The bytes that the text was made of. */
export function rawBytes(text: string): Uint8Array {
  if (!hasRawBytes(text)) return Buffer.from(text)
  const parts = text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/).map((part, index) =>
    // Every second part is what the expression caught.
    index % 2 === 1 ? Buffer.from([part.charCodeAt(0) & 0xff]) : Buffer.from(part),
  )
  return Buffer.concat(parts)
}

/** Whether some of it is no UTF-8. */
export function hasRawBytes(text: string): boolean {
  return RAW.test(text) && !text.isWellFormed()
}

/** Fit for a document in UTF-8: what is none becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed()
}

/** Sorts in the order of the bytes. */
export function sortByBytes(texts: readonly string[]): readonly string[] {
  // Below the surrogates, the order of the characters is that of their bytes, and there the runtime's own is fastest.
  return texts.some((text) => FROM_SURROGATES.test(text)) ? texts.toSorted(compareBytes) : texts.toSorted()
}

/** The order of the bytes, which is the same in every language and on every machine. */
function compareBytes(left: string, right: string): number {
  const at = firstDifference(left, right)
  const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)]
  if (!(one >= 0xd800 || other >= 0xd800)) return left < right ? -1 : left > right ? 1 : 0
  return Buffer.compare(rawBytes(left), rawBytes(right))
}

function firstDifference(left: string, right: string): number {
  const most = Math.min(left.length, right.length)
  let at = 0
  while (at < most && left.charCodeAt(at) === right.charCodeAt(at)) at++
  return at
}

/** Sequence by sequence: a byte that begins none that is whole stands for itself. */
function decodeByHand(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0)
    const decoded = length === 0 ? undefined : decodeWhole(bytes.subarray(at, at + length))
    text += decoded ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
    at += decoded === undefined ? 1 : length
  }
  return text
}

function decodeWhole(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first >= 0xc2 && first < 0xe0) return 2
  if (first >= 0xe0 && first < 0xf0) return 3
  return first >= 0xf0 && first < 0xf5 ? 4 : 0
}
