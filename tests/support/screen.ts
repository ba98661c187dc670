const CODES = new RegExp(`${String.fromCharCode(27)}\\[([?0-9;]*)([A-Za-z])|([\\s\\S])`, 'gu')

/** A cell that the character left of it takes, too. */
const SECOND = ''

/**
 * What a terminal shows: wide characters take two cells, long lines go on in the next row, and what leaves the top
 * can be scrolled back to but no longer changed.
 */
export class Screen {
  readonly #columns: number
  readonly #rows: number
  readonly #gone: string[] = []
  #cells: string[][] = [[]]
  #row = 0
  #column = 0
  /** Codes that it does not know: none are expected. */
  readonly unknown: string[] = []
  /** Rows that went on in the next one for want of columns. */
  broken = 0

  constructor(columns: number, rows: number) {
    this.#columns = columns
    this.#rows = rows
  }

  write(text: string): void {
    for (const [, codes, name, character] of text.matchAll(CODES)) {
      if (name !== undefined) this.#code(name, codes ?? '')
      else if (character === '\r') this.#column = 0
      else if (character === '\n') this.#down()
      else this.#put(character ?? '')
    }
  }

  /** All lines ever shown, from the first. */
  get lines(): readonly string[] {
    return [...this.#gone, ...this.visible]
  }

  /** The rows that are seen now. */
  get visible(): readonly string[] {
    return this.#cells.map((row) =>
      Array.from(row, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    )
  }

  get text(): string {
    return this.lines.join('\n')
  }

  #put(character: string): void {
    const width = Bun.stringWidth(character)
    const row = this.#cells[this.#row] ?? []
    if (width === 0) {
      row[this.#column - 1] = `${row[this.#column - 1] ?? ''}${character}`
      return
    }
    if (this.#column + width > this.#columns) {
      this.broken += 1
      this.#column = 0
      this.#down()
      this.#put(character)
      return
    }
    row[this.#column] = character
    if (width === 2) row[this.#column + 1] = SECOND
    this.#column += width
  }

  #down(): void {
    this.#row += 1
    this.#cells[this.#row] ??= []
    if (this.#row < this.#rows) return
    this.#gone.push(this.visible[0] ?? '')
    this.#cells.shift()
    this.#row -= 1
  }

  #code(name: string, codes: string): void {
    if (name === 'm') return
    if (name === 'A') this.#row = Math.max(0, this.#row - Number(codes || 1))
    else if (name === 'K' && codes === '') this.#cells[this.#row]?.splice(this.#column)
    else if (name === 'J' && codes === '') {
      this.#cells[this.#row]?.splice(this.#column)
      this.#cells.splice(this.#row + 1)
    } else this.unknown.push(`${codes}${name}`)
  }
}
