import { describe, expect, test } from 'vitest'
import { cutToWidth, restingLine, widthOfText } from '#surfaces/cli/terminal-text.ts'

const ESC = '\u001b'

describe('what a terminal shows of a line when it came to rest', () => {
  test.each([
    ['colours are gone', `${ESC}[1;32mok${ESC}[0m done`, 'ok done'],
    ['a cursor is not moved', `up${ESC}[2A${ESC}[2K${ESC}[10;20Hand away`, 'upand away'],
    [
      'a title and a link are not set',
      `${ESC}]0;title\u0007a${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\b`,
      'alinkb',
    ],
    ['a code that is cut off is no text', `text${ESC}[3`, 'text'],
    ['an unfinished title is no text', `text${ESC}]0;tit`, 'text'],
    ['what was written over is gone', 'progress 1%\rprogress 99%', 'progress 99%'],
    ['a carriage return at the end writes over nothing', 'done\r', 'done'],
    ['tabs are spaces up to the next stop', 'a\tb\t12345678\tc', 'a       b       12345678        c'],
    ['tabs count wide characters twice', '日本\tx', '日本    x'],
    ['other control characters are seen', 'bell\u0007 \u0000\u009b', 'bell␇ ␀\ufffd'],
    ['text that would be read backwards is not', 'a\u202eb', 'a\ufffdb'],
  ])('%s', (_title, line, expected) => {
    expect(restingLine(line)).toBe(expected)
  })

  test('nothing is left of any escape code in random bytes that could move a cursor', () => {
    for (let seed = 1; seed < 500; seed++) {
      const text = Array.from({ length: 40 }, (_, at) =>
        String.fromCharCode((seed * 7919 + at * at * 104729) % 160),
      ).join('')
      for (const code of restingLine(`${ESC}${text}${ESC}[`)) expect(code >= ' ', JSON.stringify(text)).toBe(true)
    }
  })
})

test('a text without codes is the same text', () => {
  expect(restingLine('plain [31m text')).toBe('plain [31m text')
})

describe('a text cut to a width', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly', 7, 'exactly'],
    ['longer', 5, 'long…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['日本語', 1, '…'],
    ['日本語', 0, ''],
  ])('%s in %i columns', (text, columns, expected) => {
    expect(cutToWidth(text, columns)).toBe(expected)
  })

  test('never takes more columns than it may, whatever it is made of', () => {
    const text = '👩‍👩‍👧 日本 e\u0301 🇩🇪 ❤\ufe0f plain'.repeat(3)
    for (let columns = 0; columns < 120; columns++)
      expect(widthOfText(cutToWidth(text, columns))).toBeLessThanOrEqual(columns)
  })
})
