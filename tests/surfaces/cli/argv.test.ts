import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Failure } from '#domain/failure.ts'
import { type Request, readArguments } from '#surfaces/cli/argv.ts'
import { commands, globalOptions } from '#surfaces/cli/command-table.ts'

interface Case {
  readonly title: string
  readonly given: readonly string[]
}

describe('a command line that asks for something', () => {
  const cases: readonly (Case & { readonly expected: Request })[] = [
    { title: 'nothing asks for help', given: [], expected: { kind: 'help' } },
    { title: 'options alone ask for help', given: ['--config', 'x.toml', '--json'], expected: { kind: 'help' } },
    { title: 'a command without anything', given: ['list'], expected: command('list') },
    { title: 'two words are one command', given: ['runs', 'list'], expected: command('runs list') },
    {
      title: 'a variadic argument takes all that is left',
      given: ['run', 'lint', 'test'],
      expected: command('run', { job: ['lint', 'test'] }),
    },
    {
      title: 'an optional argument may be missing',
      given: ['runs', 'logs', '01k9'],
      expected: command('runs logs', { run: '01k9' }),
    },
    {
      title: 'options may stand before, between and after the words',
      given: ['--limit', '5', 'runs', '--json', 'list', '--job=test'],
      expected: command('runs list', {}, { limit: '5', json: true, job: 'test' }),
    },
    {
      title: 'a short option',
      given: ['runs', 'events', '01k9', '-f'],
      expected: command('runs events', { run: '01k9' }, { follow: true }),
    },
    {
      title: 'a short option with its value, next to it or behind it',
      given: ['run', 'a', '-j4', '-kn'],
      expected: command('run', { job: ['a'] }, { jobs: '4', 'keep-going': true, 'dry-run': true }),
    },
    {
      title: 'a short option and then its value',
      given: ['run', '-j', '4', 'a'],
      expected: command('run', { job: ['a'] }, { jobs: '4' }),
    },
    {
      title: 'the last of several values counts',
      given: ['runs', 'list', '--job', 'a', '--job', 'b'],
      expected: command('runs list', {}, { job: 'b' }),
    },
    {
      title: 'words that look like numbers stay as they are',
      given: ['answer', '007', '1e3'],
      expected: command('answer', { question: '007', choice: '1e3' }),
    },
    {
      title: 'values that look like numbers stay as they are',
      given: ['runs', 'list', '--job', '00123456789012345678901'],
      expected: command('runs list', {}, { job: '00123456789012345678901' }),
    },
    {
      title: 'a value may be empty',
      given: ['list', '--config='],
      expected: command('list', {}, { config: '' }),
    },
    {
      title: 'an empty argument is an argument',
      given: ['answer', '7', ''],
      expected: command('answer', { question: '7', choice: '' }),
    },
    {
      title: 'a value may begin with a dash and hold equals signs',
      given: ['verify', '--key=-5=x=', '--run', '-7'],
      expected: command('verify', {}, { key: '-5=x=', run: '-7' }),
    },
    {
      title: 'a single dash is a word',
      given: ['verify', '-'],
      expected: command('verify', { file: '-' }),
    },
    {
      title: 'two dashes end the options',
      given: ['verify', '--json', '--', '--help'],
      expected: command('verify', { file: '--help' }, { json: true }),
    },
    {
      title: 'what stands behind two dashes goes to the job as it is',
      given: ['run', 'test', '--json', '--', '--help', '--', '-x'],
      expected: { ...command('run', { job: ['test'] }, { json: true }), rest: ['--help', '--', '-x'] } as Request,
    },
    {
      title: 'words that name a part of every object are only words',
      given: ['run', '__proto__', 'constructor'],
      expected: command('run', { job: ['__proto__', 'constructor'] }),
    },
    { title: 'help for all', given: ['--help'], expected: { kind: 'help' } },
    { title: 'help for a command, in front of it', given: ['-h', 'run'], expected: { kind: 'help', command: 'run' } },
    {
      title: 'help for a command, behind everything, whatever else is wrong',
      given: ['runs', 'show', '--bogus', '--limit', 'x', '--help'],
      expected: { kind: 'help', command: 'runs show' },
    },
    {
      title: 'help for the commands of a word',
      given: ['runs', '--help'],
      expected: { kind: 'help', command: 'runs' },
    },
    { title: 'help as a word', given: ['help', 'runs', 'list'], expected: { kind: 'help', command: 'runs list' } },
    {
      title: 'help is a value where a value is due',
      given: ['list', '--config', '--help'],
      expected: command('list', {}, { config: '--help' }),
    },
    { title: 'the version', given: ['--version'], expected: { kind: 'version' } },
    { title: 'the version with a command', given: ['run', 'test', '--version'], expected: { kind: 'version' } },
    { title: 'the first of version and help', given: ['--help', '--version'], expected: { kind: 'help' } },
  ]
  test.each(cases)('$title', async ({ given, expected }) => {
    expect(await readArguments(given)).toEqual({ ok: true, value: expected })
  })
})

describe('a command line that cannot be understood', () => {
  const cases: readonly (Case & { readonly expected: Omit<Extract<Failure, { code: 'usage' }>, 'code'> })[] = [
    {
      title: 'names the nearest command',
      given: ['rnu'],
      expected: { problem: 'unknown_command', word: 'rnu', nearest: 'run' },
    },
    {
      title: 'has no nearest command for a far one',
      given: ['xyzzy'],
      expected: { problem: 'unknown_command', word: 'xyzzy' },
    },
    {
      title: 'names the nearest command of two words',
      given: ['runs', 'shwo', '01k9'],
      expected: { problem: 'unknown_command', word: 'runs shwo', command: 'runs', nearest: 'runs show' },
    },
    {
      title: 'lists the commands of a word that is none alone',
      given: ['runs'],
      expected: {
        problem: 'missing_argument',
        word: 'command',
        command: 'runs',
        expected: `one of ${commands.flatMap(({ name }) => (name.startsWith('runs ') ? [name.slice('runs '.length)] : [])).join(', ')}`,
      },
    },
    {
      title: 'is not helped with an unknown command',
      given: ['rnu', '--help'],
      expected: { problem: 'unknown_command', word: 'rnu', nearest: 'run' },
    },
    { title: 'has an empty word for a command', given: [''], expected: { problem: 'unknown_command', word: '' } },
    {
      title: 'names the nearest option',
      given: ['runs', 'list', '--limt', '5'],
      expected: { problem: 'unknown_option', word: '--limt', nearest: '--limit', command: 'runs list' },
    },
    {
      title: 'has an unknown option alone',
      given: ['--jsno'],
      expected: { problem: 'unknown_option', word: '--jsno', nearest: '--json' },
    },
    {
      title: 'gives a command the option of another',
      given: ['list', '--limit=5'],
      expected: { problem: 'unknown_option', word: '--limit', command: 'list' },
    },
    {
      title: 'has a number for an option',
      given: ['run', '-5'],
      expected: { problem: 'unknown_option', word: '-5', command: 'run' },
    },
    {
      title: 'lacks an argument',
      given: ['answer', '7'],
      expected: { problem: 'missing_argument', word: 'choice', command: 'answer', expected: 'one of its choices' },
    },
    {
      title: 'has an argument too many',
      given: ['list', 'x'],
      expected: { problem: 'unexpected_argument', word: 'x', command: 'list' },
    },
    {
      title: 'lacks the value of its last option',
      given: ['list', '--config'],
      expected: { problem: 'missing_value', word: '--config', command: 'list', expected: '--config PATH' },
    },
    {
      title: 'lacks the value of an option that others have, too',
      given: ['runs', 'export', '--output'],
      expected: { problem: 'missing_value', word: '--output', command: 'runs export', expected: '--output FILE' },
    },
    {
      title: 'gives a value to an option without one',
      given: ['run', 'test', '--detach=yes'],
      expected: { problem: 'bad_value', word: '--detach=yes', command: 'run', expected: '--detach without a value' },
    },
    {
      title: 'means by the second word of a command alone that command',
      given: ['events', '01k9'],
      expected: { problem: 'unknown_command', word: 'events', nearest: 'runs events' },
    },
    {
      title: 'has letters together of which not all are options',
      given: ['runs', 'logs', '01k9', '-fx'],
      expected: { problem: 'unknown_option', word: '-fx', command: 'runs logs' },
    },
    {
      title: 'has one dash where two are due',
      given: ['run', 'test', '-jobs', '2'],
      expected: { problem: 'unknown_option', word: '-jobs', nearest: '--jobs', command: 'run' },
    },
    {
      title: 'has no colour by another name',
      given: ['--no-color', 'list'],
      expected: { problem: 'unknown_option', word: '--no-color', nearest: '--color', command: 'list' },
    },
    {
      title: 'names the nearest of the words that an argument can be',
      given: ['completions', 'fihs'],
      expected: {
        problem: 'bad_value',
        word: 'fihs',
        command: 'completions',
        expected: 'one of bash, zsh, fish, powershell for <shell>',
        nearest: 'fish',
      },
    },
    {
      title: 'has no number where one is due',
      given: ['runs', 'list', '--limit', '1e3'],
      expected: {
        problem: 'bad_value',
        word: '1e3',
        command: 'runs list',
        expected: 'a whole number from 1 for --limit',
      },
    },
    {
      title: 'names the nearest of the values',
      given: ['list', '--color', 'allways'],
      expected: {
        problem: 'bad_value',
        word: 'allways',
        command: 'list',
        expected: 'one of auto, always, never for --color',
        nearest: 'always',
      },
    },
  ]
  test.each(cases)('it $title', async ({ given, expected }) => {
    expect(await readArguments(given)).toEqual({ ok: false, error: { code: 'usage', ...expected } })
  })
})

describe('options of every command', () => {
  const all = commands.flatMap((spec) => [...spec.options, ...globalOptions].map((option) => ({ spec, option })))
  const asks = ['help', 'version']

  test.each(all.filter(({ option, spec }) => !asks.includes(option.flag) && spec.name !== 'help'))(
    'mean the same before and after the name: $spec.name --$option.flag',
    async ({ spec, option }) => {
      const { flag, short, value, choices } = option
      const given = value === undefined ? undefined : choices === 'whole number' ? '7' : (choices?.[0] ?? 'abcdef12')
      const words = spec.arguments
        .filter(({ required }) => required)
        .map(({ choices: known }, index) => known?.[0] ?? `word${index}`)
      const line = [...spec.name.split(' '), ...words]
      const values = given === undefined ? [] : [given]
      const spellings = [
        [`--${flag}`, ...values],
        ...values.map((value) => [`--${flag}=${value}`]),
        ...(short === undefined ? [] : [[`-${short}`, ...values]]),
      ]
      for (const option of spellings) {
        const after = await readArguments([...line, ...option])
        expect(after).toMatchObject({ ok: true, value: { name: spec.name } })
        expect(await readArguments([...option, ...line])).toEqual(after)
        const [first = '', ...rest] = line
        expect(await readArguments([first, ...option, ...rest])).toEqual(after)
      }
    },
  )

  test('may be written together where they are letters', async () => {
    const apart = await readArguments(['runs', 'events', '01k9', '-f', '-q'])
    expect(await readArguments(['runs', 'events', '01k9', '-fq'])).toEqual(apart)
    expect(await readArguments(['-qf', 'runs', 'events', '01k9'])).toEqual(apart)
  })
})

describe('the table of commands', () => {
  const options = [...globalOptions, ...commands.flatMap((each) => each.options)]

  test('means by a flag the same kind of option everywhere', () => {
    // Arguments are read before the command is known: what the value is called and names may differ, not more.
    const kind = ({ flag, short, value, valueWhen, repeatable }: (typeof options)[number]) => [
      flag,
      short,
      value === undefined,
      valueWhen,
      repeatable,
    ]
    for (const option of options) {
      const { flag, short } = option
      for (const other of options) {
        if (other.flag !== flag && (short === undefined || other.short !== short)) continue
        expect(kind(other)).toEqual(kind(option))
      }
    }
  })

  test('has no option of a command that is one of every command', () => {
    const global = globalOptions.map(({ flag }) => flag)
    expect(commands.flatMap((each) => each.options.filter(({ flag }) => global.includes(flag)))).toEqual([])
  })

  test.each(commands.flatMap(({ name, examples }) => examples.map((example) => ({ name, example }))))(
    'has an example that is understood: $example',
    async ({ name, example }) => {
      const [program, ...argv] = (example.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
      const read = await readArguments(argv)
      expect(program).toBe('orchastration')
      expect(read).toMatchObject({ ok: true, value: name === 'help' ? { kind: 'help' } : { kind: 'command', name } })
    },
  )
})

test('reading arguments and showing help load neither zod nor, before a command is matched, cac', async () => {
  const files = ['argv.ts', 'help.ts'].map((file) =>
    fileURLToPath(new URL(`../../../src/surfaces/cli/${file}`, import.meta.url)),
  )
  const built = await Bun.build({ entrypoints: files, target: 'bun', packages: 'external' })
  const texts = await Promise.all(built.outputs.map((output) => output.text()))
  expect(texts.length).toBe(2)
  for (const text of texts) expect(text).not.toMatch(/from\s*["'](?:zod|cac)/)
  expect(texts.join('')).toMatch(/import\(["']cac["']\)/)
})

function command(
  name: string,
  words: Record<string, string | string[]> = {},
  options: Record<string, string | true> = {},
): Request {
  return { kind: 'command', name, arguments: words, options }
}
