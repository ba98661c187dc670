import { printable } from '#base/text.ts'

const ESC = '\\u001b'
/** Colours, cursor movements, titles, links: all that a program says to a terminal and not to a reader. */
const ESCAPES = new RegExp(
  [
    `${ESC}\\[[0-?]*[ -/]*[@-~]`,
    `${ESC}[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|${ESC}\\\\|$)`,
    // Cut off at the end.
    `${ESC}\\[?[0-?]*[ -/]*$`,
    `${ESC}[ -/]*[0-~]`,
  ].join('|'),
  'g',
)
const TAB_COLUMNS = 8
const ASCII = /^[\u0020-\u007e]*$/

function withoutEscapes(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(ESCAPES, '') : text
}

/**
 * A line of a child's output as a terminal would show it when it came to rest: what a carriage return wrote over is
 * gone, colours too, and tabs are spaces. It moves no cursor.
 */
export function restingLine(line: string): string {
  const written = withoutEscapes(line).split('\r')
  const last = written.findLast((part) => part !== '') ?? ''
  return printable(withoutTabs(last)).replaceAll('\n', ' ')
}

/**
 * Columns that a text takes at most: where terminals differ, as they do on joined emoji, the most of them.
 * @internal read by tests
 */
export function widthOfText(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width
}

/** As much of a text as has room in so many columns; what was cut off is marked. */
export function cutToWidth(text: string, columns: number): string {
  if (widthOfText(text) <= columns) return text
  if (columns < 1) return ''
  let shown = ''
  let width = 0
  for (const character of text) {
    width += widthOfCharacter(character)
    if (width > columns - 1) break
    shown += character
  }
  return `${shown}…`
}

/** A selector makes what stands before it an emoji, which may be a column wider. */
function widthOfCharacter(character: string): number {
  return character === '\ufe0f' ? 1 : Bun.stringWidth(character)
}

function withoutTabs(text: string): string {
  if (!text.includes('\t')) return text
  let shown = ''
  for (const part of text.split('\t')) {
    shown += part
    shown += ' '.repeat(TAB_COLUMNS - (widthOfText(shown) % TAB_COLUMNS))
  }
  return shown.trimEnd()
}
