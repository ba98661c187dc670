import { describe, expect, test } from 'vitest'
import { parseDotenv } from '#base/dotenv.ts'

describe('a file of variables', () => {
  test.each<readonly [name: string, text: string, variables: Readonly<Record<string, string>>]>([
    ['nothing', '', {}],
    ['blank lines and comments', '\n  \n# A=1\n   # B=2\n', {}],
    ['a line without a break at its end', 'A=1', { A: '1' }],
    ['CRLF and a byte order mark', '\ufeffA=1\r\nB="2"\r\n\r\nC=3\r', { A: '1', B: '2', C: '3' }],
    ['export before a name', 'export A=1\n\texport\tB = 2\n', { A: '1', B: '2' }],
    ['a variable that is called export', 'export=1\nexport = 2\n', { export: '2' }],
    ['an empty value', 'A=\nB=   \nC=\'\'\nD=""\nE= # none\n', { A: '', B: '', C: '', D: '', E: '' }],
    ['blanks around', '  A  =  a b  \n', { A: 'a b' }],
    ['a comment behind a bare value', 'A=a # b\nB=a#b\nC=a\t# b\nD=#b\n', { A: 'a', B: 'a#b', C: 'a', D: '' }],
    ['a comment behind quotes', `A='a' # b\nB="a" # b\n`, { A: 'a', B: 'a' }],
    ['quotes within a bare value', `A=it's\nB=say "x"\n`, { A: "it's", B: 'say "x"' }],
    ['= in a value', 'A=b=c==\n', { A: 'b=c==' }],
    ['single quotes, which keep everything', `A='a\\n$B "#"  '\n`, { A: 'a\\n$B "#"  ' }],
    ['the escapes of double quotes', `A="\\n\\r\\t\\\\\\"\\$"\n`, { A: '\n\r\t\\"$' }],
    ['values over several lines', `A="one\ntwo # 2\n"\nB='x\ny'\n`, { A: 'one\ntwo # 2\n', B: 'x\ny' }],
    ['a line break as the file has it', 'A="one\r\ntwo"\r\n', { A: 'one\r\ntwo' }],
    [
      'nothing that is expanded or run',
      'A=$HOME `id` $(id) $X{}\nB="$HOME `id`"\n',
      { A: '$HOME `id` $(id) $X{}', B: '$HOME `id`' },
    ],
    ['backslashes in a bare value', 'A=C:\\new\\table\n', { A: 'C:\\new\\table' }],
    ['one name twice', 'A=1\nA=2\n', { A: '2' }],
    ['names with dots and hyphens', 'a.b-c_1=x\n', { 'a.b-c_1': 'x' }],
    ['letters of all scripts in values', 'A=日本語 ö 👩‍👧\n', { A: '日本語 ö 👩‍👧' }],
    [
      'names that objects have already',
      '__proto__=1\nconstructor=2\ntoString=3\n',
      { ['__proto__']: '1', constructor: '2', toString: '3' },
    ],
  ])('may hold %s', (_name, text, variables) => {
    const parsed = parseDotenv(text)
    expect(parsed.ok && Object.entries(parsed.value)).toEqual(Object.entries(variables))
  })

  test.each([
    ['a line without =', 'A=1\nB\n', 2, 2, 'equals'],
    ['a line without a name', 'A=1\n  =2\n', 2, 3, 'name'],
    ['a name that begins with a digit', '1A=2', 1, 1, 'name'],
    ['a name with a blank', 'A B=2', 1, 3, 'equals'],
    ['export without a variable', 'export A\n', 1, 9, 'equals'],
    ['a command', 'A=1\nB=2\necho hello\n', 3, 6, 'equals'],
    ['an open double quote', 'A=1\nB="x\nC=2\n', 2, 3, 'unclosed'],
    ['an open single quote', "A='x\n", 1, 3, 'unclosed'],
    ['a backslash at the very end', 'A="x\\', 1, 3, 'unclosed'],
    ['an unknown escape', 'A="ab\\q"\n', 1, 6, 'escape'],
    ['words behind a closing quote', 'A="x" y\n', 1, 7, 'after_quote'],
    ['a comment that touches a closing quote', 'A="x"# y\n', 1, 6, 'after_quote'],
    ['quotes that follow each other', `A="x""y"\n`, 1, 6, 'after_quote'],
    ['a NUL in a value', 'A=x\0y', 1, 3, 'nul'],
    ['a place behind a byte order mark', '\ufeff?', 1, 1, 'name'],
    ['a place behind a value of several lines', 'A="1\n2\n3"\n%\n', 4, 1, 'name'],
  ])('may not hold %s', (_name, text, ...place) => {
    const [line, column, problem] = place
    expect(parseDotenv(text)).toEqual({ ok: false, error: { line, column, problem } })
  })

  test('gives back what was quoted for it, whatever that is', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    const letters = ['a', '"', "'", '\\', '\n', '\r', '\t', '$', '#', ' ', '=', '{', '\u2028', 'ö', '👩', '\ufeff']
    const word = () => Array.from({ length: random(12) }, () => letters[random(letters.length)]).join('')
    for (let round = 0; round < 3000; round++) {
      const values = [word(), word(), word()]
      const text = values.map((value, index) => `V${index}="${escaped(value)}"${index % 2 === 0 ? ' # x' : ''}\n`)
      expect(parseDotenv(text.join(''))).toEqual({
        ok: true,
        value: Object.fromEntries(values.map((value, index) => [`V${index}`, value])),
      })
    }
  })

  test('is read or refused at a place of its own, whatever bytes it has', () => {
    let seed = 11
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    const letters = ['A', '=', '"', "'", '\\', '\n', '\r\n', ' ', '#', 'export ', 'n', '$', '\0', '1']
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: random(20) }, () => letters[random(letters.length)]).join('')
      const parsed = parseDotenv(text)
      if (parsed.ok) continue
      const lines = text.split('\n')
      expect(parsed.error.line).toBeLessThanOrEqual(lines.length)
      expect(parsed.error.column).toBeLessThanOrEqual((lines[parsed.error.line - 1] ?? '').length + 1)
    }
  })
})

function escaped(value: string): string {
  return value
    .replace(/[\\"$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
}
