import { readFileSync, readlinkSync } from 'node:fs'
import { rawText } from '#base/raw-text.ts'

/** What Bun makes of a byte that is no UTF-8. */
const LOST = '\ufffd'
/** What decodes as Bun does it. */
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

/** Words of the command line, byte by byte: where one lost bytes, Linux is asked for what was typed. */
export function typedWords(words: readonly string[], commandLine = readCommandLine): readonly string[] {
  if (!words.some((word) => word.includes(LOST))) return words
  const typed = new Map<string, string[]>()
  for (const bytes of commandLine()) {
    const seen = lenient.decode(bytes)
    typed.set(seen, [...(typed.get(seen) ?? []), rawText(bytes)])
  }
  // Of two words that look the same now, the first is the one that was typed first.
  return words.map((word) => (word.includes(LOST) ? (takeTyped(typed, word) ?? word) : word))
}

/** Where the process was started, byte by byte. */
export function typedDirectory(directory: string): string {
  if (!directory.includes(LOST)) return directory
  try {
    return rawText(readlinkSync('/proc/self/cwd', { encoding: 'buffer' }))
  } catch {
    return directory
  }
}

function takeTyped(typed: ReadonlyMap<string, string[]>, word: string): string | undefined {
  const whole = typed.get(word)?.shift()
  if (whole !== undefined) return whole
  for (const [seen, words] of typed) {
    // A value that stands in one word with its option, as in --file=name.
    const option = seen.length - word.length
    if (seen.startsWith('-') && seen.endsWith(`=${word}`)) return words.shift()?.slice(option)
  }
  return undefined
}

function readCommandLine(): readonly Uint8Array[] {
  try {
    const bytes = readFileSync('/proc/self/cmdline')
    const words: Uint8Array[] = []
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(0, from)
      words.push(bytes.subarray(from, end < 0 ? bytes.length : end))
      from = end < 0 ? bytes.length : end + 1
    }
    return words
  } catch {
    return []
  }
}
