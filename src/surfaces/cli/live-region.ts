import type { Io } from './io.ts'

/** How often what moves is drawn anew, and how often at most when much is said. */
const REDRAW_MS = 100
const LEAST_MS = 40

const ESCAPE = '\u001b['
const TO_END_OF_LINE = `${ESCAPE}K`
const TO_END_OF_SCREEN = `${ESCAPE}J`

/**
 * The rows at the bottom of the terminal that move, while all that is said scrolls by above them. Each change is one
 * write over what stands there, so that nothing flickers. Where nobody looks, text is passed on and nothing moves.
 */
export class LiveRegion {
  readonly #io: Io
  /** What should stand there now; never wider than the terminal. */
  readonly #lines: () => readonly string[]
  #drawn: readonly string[] = []
  #held = ''
  #ticking: NodeJS.Timeout | undefined
  #waiting: NodeJS.Timeout | undefined
  #writtenAt = Number.NEGATIVE_INFINITY

  constructor(io: Io, lines: () => readonly string[]) {
    this.#io = io
    this.#lines = lines
  }

  get isDrawn(): boolean {
    return this.#drawn.length > 0
  }

  begin(): void {
    this.#ticking ??= setInterval(() => this.#write(this.#lines()), REDRAW_MS)
  }

  /** Says whole lines. Many in a short time are written at once. */
  say(text: string): void {
    if (!this.isDrawn) {
      // Without something that moves there is nothing to take care of.
      this.#io.note(text)
      return
    }
    this.#held += text
    const wait = this.#writtenAt + LEAST_MS - performance.now()
    if (wait <= 0) this.#write(this.#lines())
    else this.#waiting ??= setTimeout(() => this.#write(this.#lines()), wait)
  }

  /** Takes away what moves, until it is drawn again. */
  clear(): void {
    this.#write([])
  }

  end(): void {
    this.clear()
    clearInterval(this.#ticking)
    this.#ticking = undefined
  }

  #write(lines: readonly string[]): void {
    clearTimeout(this.#waiting)
    this.#waiting = undefined
    const isSame = lines.length === this.#drawn.length && lines.every((line, index) => line === this.#drawn[index])
    if (this.#held === '' && isSame) return
    const said = this.#held.replaceAll('\n', `${TO_END_OF_LINE}\n`)
    const rows = lines.map((line) => `${line}${TO_END_OF_LINE}`).join('\n')
    this.#io.note(`${this.#toTop()}${said}${rows}${TO_END_OF_SCREEN}`)
    this.#held = ''
    this.#drawn = lines
    this.#writtenAt = performance.now()
  }

  /** The way back to where the region begins. A terminal that became narrower has broken its rows into several. */
  #toTop(): string {
    const { columns } = this.#io.size()
    const rows = this.#drawn.reduce((sum, line) => sum + rowsOf(line, columns), 0)
    return rows > 1 ? `\r${ESCAPE}${rows - 1}A` : this.isDrawn ? '\r' : ''
  }
}

/** Where terminals differ, the fewer: a row too few is left standing, a row too many would take what was said away. */
function rowsOf(line: string, columns: number): number {
  return columns === 0 ? 1 : Math.max(1, Math.ceil(Bun.stringWidth(line) / columns))
}
