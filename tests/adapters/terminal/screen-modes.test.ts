import { expect, test } from 'vitest'
import { ScreenModes } from '#adapters/terminal/screen-modes.ts'

const ESCAPE = '\u001b['

function undoing(...pieces: readonly string[]): string {
  const modes = new ScreenModes()
  for (const piece of pieces) modes.watch(Buffer.from(piece))
  return modes.undoing
}

test.each<readonly [name: string, shown: readonly string[], undone: string]>([
  ['nothing', [], ''],
  ['a whole line', ['line\r\n'], ''],
  ['an open line', ['line'], '\r\n'],
  ['colours', [`${ESCAPE}31mred\n`], `${ESCAPE}0m`],
  ['a program that tidied up', [`${ESCAPE}?1049h${ESCAPE}?25l x ${ESCAPE}?25h${ESCAPE}?1049l\n`], `${ESCAPE}0m`],
  ['the second screen', [`${ESCAPE}?1049h\n`], `${ESCAPE}0m${ESCAPE}?1049l`],
  ['a hidden cursor', [`${ESCAPE}?25l\n`], `${ESCAPE}0m${ESCAPE}?25h`],
  ['several at once', [`${ESCAPE}?1000;1006h\n`], `${ESCAPE}0m${ESCAPE}?1000l${ESCAPE}?1006l`],
  ['a code in two pieces', [`${ESCAPE}?20`, '04h\n'], `${ESCAPE}0m${ESCAPE}?2004l`],
])('%s: what is left of it is taken back', (_name, shown, undone) => {
  expect(undoing(...shown)).toBe(undone)
})
