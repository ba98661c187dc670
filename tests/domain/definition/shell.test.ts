import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { shellArgv } from '#domain/definition/shell.ts'
import { onWindows } from '../../support/binary.ts'
import { hasProgram } from '../../support/shell.ts'

const SHELLS = (['sh', 'bash', 'zsh'] as const).filter(hasProgram)

/** What the text prints with the arguments; undefined where it has no place for them. */
function said(shell: (typeof SHELLS)[number], text: string, args: readonly string[]): string | undefined {
  const argv = shellArgv(shell, text, args)
  if (argv === undefined) return undefined
  const [program, ...rest] = argv
  const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' })
  return stdout + stderr
}

const ARGS = ['a b', '$HOME', '#']
const SHOW = `printf '<%s>'`
const ALL = '<a b><$HOME><#>'

/** Texts, and what they print with those arguments. */
const PLACES: Readonly<Record<string, readonly [text: string, said: string]>> = {
  'one command': [SHOW, ALL],
  'an end of line': [`${SHOW}\n`, ALL],
  'blank lines': [`${SHOW}  \n\t\n`, ALL],
  'a comment': [`${SHOW} one # note`, `<one>${ALL}`],
  'a comment on its own line': [`${SHOW} one\n# note\n`, `<one>${ALL}`],
  'a comment that mentions arguments': [`${SHOW} one # like $1 and "$@"`, `<one>${ALL}`],
  'several lines with a comment between': [`true # it's "open\n${SHOW}`, ALL],
  'a hash that is none': [`${SHOW} a#b '#' "#" \\#`, `<a#b><#><#><#>${ALL}`],
  'a quoted mention': [`${SHOW} '$1'`, `<$1>${ALL}`],
  'a here-document': [`${SHOW} x <<EOF\nit's # here\nEOF\n`, `<x>${ALL}`],
  'a here-document with quoted end': [`${SHOW} x <<'E F'\n$1 "\nE F`, `<x>${ALL}`],
  'an indented here-document': [`${SHOW} x <<-EOF\n\tbody\n\tEOF\n`, `<x>${ALL}`],
  'two here-documents': [`cat <<A; ${SHOW} x <<B\nfirst\nA\nsecond\nB\n`, `first\n<x>${ALL}`],
  'a here-document before the last line': [`cat <<A\nfirst\nA\n${SHOW} x`, `first\n<x>${ALL}`],
  'a redirection': [`${SHOW} x >&2`, `<x>${ALL}`],
  'an expansion at its end': [`x=y; ${SHOW} \${x#* #}`, `<y>${ALL}`],
  'a substitution with quotes': [`${SHOW} "$(basename "/x/y")"`, `<y>${ALL}`],
  'a comment behind substitutions in quotes': [
    `x=y; ${SHOW} "\${x}" "$(echo z)" "\`echo z\`" # note`,
    `<y><z><z>${ALL}`,
  ],
  'a continued end': [`${SHOW} x\\\n`, `<x>${ALL}`],
  'a continued line': [`${SHOW} \\\n  x`, `<x>${ALL}`],
}

/** Texts of which nobody can say where arguments belong. */
const NO_PLACES: Readonly<Record<string, string>> = {
  'a background': 'true &',
  'a separator': 'true;',
  'a pipe': 'true |',
  'a backslash': 'true \\',
  'an open quote': `echo 'x`,
  'an open double quote': 'echo "x',
  'a here-document without an end': 'cat <<EOF\nx\n',
  'a comment in quotes in a substitution in quotes': 'echo "$(echo "a # b")"',
  'a comment in quotes in an expansion in quotes': `echo "\${x:-"a # b"}"`,
  'a comment in quotes behind a substitution': 'echo "$(echo $(date) "a # b")"',
  'a comment in quotes in backticks in quotes': 'echo "`echo "a # b"`"',
  'a separator and a continued line': 'true;\\\n',
  'nothing but a comment': '# nothing',
  nothing: ' \n',
}

describe.skipIf(onWindows)('further arguments of a shell text', () => {
  for (const shell of SHELLS) {
    for (const [name, [text, expected]] of Object.entries(PLACES))
      test(`reach the last command in ${shell}: ${name}`, () => expect(said(shell, text, ARGS)).toBe(expected))

    test(`stand where a text wants them in ${shell}`, () => {
      expect(said(shell, `${SHOW} "$2" "$1"`, ['1', '2'])).toBe('<2><1>')
      expect(said(shell, `${SHOW} "\${1}" # end`, ['1', '2'])).toBe('<1>')
      expect(said(shell, `${SHOW} "$(echo "a # b")" "$1"`, ['1'])).toBe('<a # b><1>')
      expect(said(shell, `cat <<E\n$1\nE`, ['1'])).toBe('1\n')
    })
  }

  for (const [name, text] of Object.entries(NO_PLACES))
    test(`have no place after ${name}`, () => {
      expect(shellArgv('sh', text, ['x'])).toBeUndefined()
      expect(shellArgv('sh', text, [])).toEqual(['sh', '-c', text, 'sh'])
    })
})
