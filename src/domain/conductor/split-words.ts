/** A part of a word: quoted in one of two ways, one character taken as it is, plain ones, or the blank between words. */
const PARTS =
  /"(?<double>(?:\\.|[^"\\])*)"|'(?<single>[^']*)'|\\(?<escaped>.)|(?<plain>[^\s"'\\]+)|(?<blank>\s+)|(?<stray>.)/gsu

/** The words of a line as a shell would split it; undefined where a quote has no end. */
export function splitWords(line: string): readonly string[] | undefined {
  const words: string[] = []
  let isOpen = false
  for (const { groups = {} } of line.matchAll(PARTS)) {
    const { double, single, escaped, plain, stray } = groups
    if (stray !== undefined) return undefined
    const part = double?.replace(/\\(.)/gsu, '$1') ?? single ?? escaped ?? plain
    if (part !== undefined && isOpen) words.push(`${words.pop() ?? ''}${part}`)
    else if (part !== undefined) words.push(part)
    isOpen = part !== undefined
  }
  return words
}

/** The word so that it is split into itself again. */
export function quotedWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
