import { describe, expect, test } from 'vitest'
import { commands, globalOptions } from '#surfaces/cli/command-table.ts'
import { expectedIn } from '#surfaces/cli/completions/line.ts'
import { completionScript } from '#surfaces/cli/completions.ts'

async function wordsOf(...line: readonly string[]): Promise<readonly string[]> {
  const expected = await expectedIn(line)
  return expected.kind === 'words' ? expected.words.map(({ word }) => word) : [`<${expected.spec.completes}>`]
}

const flags = (options: readonly { readonly flag: string }[]) => options.map(({ flag }) => `--${flag}`)

describe('what may come next', () => {
  test.each(commands.filter(({ name }) => name !== 'help'))(
    'of $name: its own options and those of every command',
    async ({ name, options }) => {
      expect(await wordsOf(...name.split(' '), '--')).toEqual(flags([...options, ...globalOptions]))
    },
  )

  test.each(
    commands.flatMap(({ name, options }) => [...options, ...globalOptions].map((option) => ({ name, option }))),
  )(
    'of $name --$option.flag: its choices, or what it names',
    async ({ name, option: { flag, value, valueWhen, choices, completes } }) => {
      const expected = Array.isArray(choices) ? choices : [`<${completes}>`]
      // What can do without its value offers none.
      if (value === undefined || valueWhen !== undefined) return
      expect(await wordsOf(...name.split(' '), `--${flag}`, '')).toEqual(expected)
      const attached = await wordsOf(...name.split(' '), `--${flag}=`)
      expect(attached).toEqual(Array.isArray(choices) ? choices.map((choice) => `--${flag}=${choice}`) : expected)
    },
  )

  test.each(commands.flatMap(({ name, arguments: words }) => words.map((word, index) => ({ name, word, index }))))(
    'of $name: its argument $word.name',
    async ({ name, word: { choices, completes }, index }) => {
      const before = Array.from({ length: index }, () => 'x')
      expect(await wordsOf(...name.split(' '), ...before, '')).toEqual(choices ?? [`<${completes}>`])
    },
  )

  test('an option that was given is not offered again', async () => {
    expect(await wordsOf('run', '--detach', '--')).not.toContain('--detach')
  })

  test('behind two dashes there are no options', async () => {
    expect(await wordsOf('runs', 'show', '--', '-')).toEqual(['<run>'])
    expect(await wordsOf('answer', '--', '1', '-')).toEqual(['<choice>'])
  })

  test('behind two dashes, where a command hands all on, there are paths', async () => {
    expect(await wordsOf('run', 'build', '--', '-')).toEqual(['<file>'])
  })

  test('an option that no word can stand beside is offered at once', async () => {
    expect(await wordsOf('status', '')).toEqual(flags(globalOptions))
  })

  test('a command of two words comes in two words, once for all that begin alike', async () => {
    const first = await wordsOf('')
    expect(first.filter((word) => word === 'runs')).toHaveLength(1)
    expect(new Set(first).size).toBe(first.length)
    expect(await wordsOf('runs', '')).toEqual(
      commands.flatMap(({ name }) => (name.startsWith('runs ') ? [name.slice('runs '.length)] : [])),
    )
  })

  test('an argument or option whose value names something says what', () => {
    const named = [...globalOptions, ...commands.flatMap(({ options }) => options)].filter(
      ({ value }) => value !== undefined && /^(PATH|FILE|ID|DIR)/.test(value),
    )
    expect(named.filter(({ completes }) => completes === undefined)).toEqual([])
  })
})

test.each(['bash', 'zsh', 'fish', 'powershell'] as const)('the script of %s says how to try it', (shell) => {
  const script = completionScript(shell)
  expect(script).toContain(`orchastration completions ${shell}`)
  expect(script.endsWith('\n')).toBe(true)
})
