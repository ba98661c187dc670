interface Row {
  /** What stands in columns before the words. */
  readonly head: string
  /** Of the head, without what colours it. */
  readonly width: number
  readonly text: string
  /** Of the terminal; 0 where rows may be of any length. */
  readonly columns: number
}

/** In less, words are broken too often to be read. */
const LEAST = 24

/** The words behind their head, further rows below the first; where there is no room for that, further to the left. */
export function hung({ head, width, text, columns }: Row): readonly string[] {
  const room = columns - 1
  if (columns === 0 || width + Bun.stringWidth(text) <= room) return [`${head}${text}`.trimEnd()]
  const margin = room - width >= LEAST ? width : 4
  const lines = wrapped(margin === width ? text : text.trimStart(), room - margin)
  if (margin !== width) return [head.trimEnd(), ...lines.map((line) => `    ${line}`)]
  return lines.map((line, index) => (index === 0 ? `${head}${line}` : `${' '.repeat(width)}${line}`))
}

/** The words behind their head where all of them have room there; otherwise in rows below it. */
export function below(indent: number, { head, width, text, columns }: Row): readonly string[] {
  if (columns === 0 || width + Bun.stringWidth(text) < columns) return [`${head}${text}`.trimEnd()]
  const margin = ' '.repeat(columns - indent > LEAST ? indent : 2)
  return [head.trimEnd(), ...wrapped(text, columns - 1 - margin.length).map((line) => `${margin}${line}`)]
}

/** How wide a column is: what is longer moves its own row only. */
export function widest(texts: readonly string[], most: number): number {
  return Math.min(
    most,
    texts.reduce((width, text) => Math.max(width, text.length), 0),
  )
}

/** Broken between words, by the columns that are seen: colours take none. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line: string | undefined
  for (const word of text.split(' ')) {
    const longer: string = line === undefined ? word : `${line} ${word}`
    if (line !== undefined && Bun.stringWidth(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line ?? '']
}
