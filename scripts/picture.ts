// Draws docs/run.svg and docs/orchestration.svg: what README's examples show on a terminal, in its colours.
// `bun scripts/picture.ts`
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const [COLUMNS, CELL, LINE, MARGIN] = [118, 8.4, 20, 20]
const BINARY = top('dist/orchastration')

/** The words of a command; what holds blanks stands in quotes. */
const wordsOf = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** What a letter looks like, by the code that switches it on. */
const STYLES: Readonly<Record<string, string>> = { '1': 'strong', '2': 'dim', '31': 'bad', '32': 'good' }
const OFF: Readonly<Record<string, readonly string[]>> = { '22': ['strong', 'dim'], '39': ['bad', 'good'] }

interface Cell {
  readonly letter: string
  readonly style: string
}

/** What stands on a terminal in the end, as it was told to move, to clear and to colour. */
class Canvas {
  readonly #rows: Cell[][] = [[]]
  #row = 0
  #column = 0
  #styles: readonly string[] = []

  write(text: string): void {
    const codes = new RegExp(`${String.fromCharCode(27)}\\[([?0-9;]*)([A-Za-z])|([\\s\\S])`, 'gu')
    for (const [, code = '', name, letter = ''] of text.matchAll(codes)) {
      if (name !== undefined) this.#code(name, code)
      else this.#letter(letter)
    }
  }

  get rows(): readonly (readonly Cell[])[] {
    return this.#rows.map((cells) => Array.from(cells, (cell) => cell ?? { letter: ' ', style: '' }))
  }

  #code(name: string, code: string): void {
    if (name === 'm')
      this.#styles = [...this.#styles.filter((style) => OFF[code]?.includes(style) !== true), STYLES[code] ?? '']
    else if (name === 'A') this.#row = Math.max(0, this.#row - Number(code || 1))
    else if (name === 'K' || name === 'J') this.#rows[this.#row]?.splice(this.#column)
    if (name === 'J') this.#rows.splice(this.#row + 1)
  }

  #letter(letter: string): void {
    if (letter === '\r') this.#column = 0
    else if (letter === '\n') this.#rows[++this.#row] ??= []
    else {
      const cells = this.#rows[this.#row] ?? []
      cells[this.#column++] = { letter, style: this.#styles.filter((style) => style !== '').join(' ') }
      this.#rows[this.#row] = cells
    }
  }
}

function svg(command: string, rows: readonly (readonly Cell[])[]): string {
  const lines = [[...`$ ${command}`].map((letter) => ({ letter, style: 'strong' })), ...rows]
  while (lines.at(-1)?.length === 0) lines.pop()
  const [width, height] = [COLUMNS * CELL + 2 * MARGIN, lines.length * LINE + 2 * MARGIN]
  const texts = lines.map((cells, index) => {
    const y = MARGIN + (index + 0.75) * LINE
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${runs(cells)}</text>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(command).replaceAll('"', '&quot;')}">`,
    '<style>text{font:14px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d8dee9}',
    '.strong{font-weight:bold;fill:#fff}.good{fill:#a3be8c}.bad{fill:#e06c75}.dim{opacity:.6}</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#20242c"/>`,
    ...texts,
    '</svg>\n',
  ].join('\n')
}

/** Neighbours of one style in one piece. */
function runs(cells: readonly Cell[]): string {
  const pieces: { style: string; text: string }[] = []
  for (const { letter, style } of cells) {
    const last = pieces.at(-1)
    if (last?.style === style) last.text += letter
    else pieces.push({ style, text: letter })
  }
  return pieces
    .map(({ style, text }) => (style === '' ? escaped(text) : `<tspan class="${style}">${escaped(text)}</tspan>`))
    .join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Runs the command on a terminal of its own, in a home of its own, and draws what stands there in the end. */
async function draw(picture: string, command: string, prepare: (folder: string) => void): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'orchastration-picture-'))
  try {
    prepare(home)
    const decoder = new TextDecoder()
    let text = ''
    const env = { HOME: home, PATH: process.env['PATH'] ?? '/usr/bin:/bin', TERM: 'xterm' }
    if (command.includes('orchestration run')) Bun.spawnSync([BINARY, 'trust', '--yes'], { cwd: home, env })
    const child = Bun.spawn([BINARY, ...wordsOf(command).slice(1)], {
      cwd: home,
      env,
      terminal: { cols: COLUMNS, rows: 30, data: (_, data) => (text += decoder.decode(data, { stream: true })) },
    })
    await child.exited
    const canvas = new Canvas()
    canvas.write(text)
    await Bun.write(top(picture), svg(command, canvas.rows))
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

const readme = await Bun.file(top('README.md')).text()
await draw('docs/run.svg', 'orchastration --config ci.toml run package --jobs 1', (folder) => {
  writeFileSync(join(folder, 'ci.toml'), /```toml ci.toml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '')
})
await draw(
  'docs/orchestration.svg',
  'orchastration orchestration run fix --goal "make the tests pass" --backend scripted',
  (folder) => cpSync(top('examples/fix-a-test'), folder, { recursive: true }),
)
