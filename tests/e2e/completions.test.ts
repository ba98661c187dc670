import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { hasProgram, type InteractiveShell, interactive } from '../support/shell.ts'

checkLeaks()

const CONFIG = `[jobs.build]
description = "Build: all of it"
command = ["true"]
group = "compile"
[jobs.build.params.stage]
enum = ["dev", "prod"]
[jobs.build.params.label]
default = "x"
[jobs.lint]
command = ["true"]
[jobs.ask]
command = ["true"]
confirm = "Release?"
`
const FILES = {
  'other conf.toml': '[jobs.elsewhere]\ncommand = ["true"]\n',
  'folder/inner.jsonl': '',
}

function place(): TestPlace {
  return given({ config: CONFIG, files: FILES })
}

async function completed(where: TestPlace, ...words: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr, exit } = await where.run(['complete', '--', ...words])
  expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 })
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0] ?? '')
}

describe.skipIf(onWindows)('complete', () => {
  test('offers names that exist: jobs not yet named, runs, questions and their choices', async () => {
    const here = place()
    expect(await completed(here, 'run', '')).toEqual(['ask', 'build', 'lint'])
    expect(await completed(here, 'run', 'build', '')).toEqual(['ask', 'lint'])
    expect(await completed(here, 'list', '--group', '')).toEqual(['compile'])
    expect(await completed(here, 'run', 'build', '--param', '')).toEqual(['stage=dev', 'stage=prod', 'label='])
    expect(await completed(here, 'run', 'lint', '--param', '')).toEqual([])
    expect(await completed(here, 'hash', '--algo', '')).toContain('xxh64')
    expect(await completed(here, 'runs', 'show', '')).toEqual([])
    await here.run(['run', 'build', 'ask', '--param', 'stage=dev'])
    expect(await completed(here, 'runs', 'show', '')).toEqual(['build', 'ask', here.lastRun()])
    expect(await completed(here, 'work', '--run', '')).toEqual(['build', 'ask', here.lastRun()])
    expect(await completed(here, 'answer', '')).toEqual(['1'])
    expect(await completed(here, 'answer', '1', '')).toEqual(['yes', 'no'])
    await here.run(['runs', 'cancel', here.lastRun()])
  })

  test('goes on through commands of three words, to tasks', async () => {
    const here = given({
      config: '[tasks.paint]\nrepo = "external"\nworking_dir = "/w"\ncommand = ["true"]\ndescription = "Paint it"\n',
    })
    expect(await completed(here, 'git', '')).toEqual(['issue', 'branch'])
    expect(await completed(here, 'git', 'issue', '')).toEqual(['create'])
    for (const words of [
      ['git', 'issue', 'create'],
      ['git', 'branch', 'create'],
      ['build', 'run'],
      ['plan', 'status'],
    ])
      expect(await completed(here, ...words, '')).toEqual(['paint'])
  })

  test('offers nothing that a shell would read as more than a word', async () => {
    const here = given({
      config: `[jobs.a]\ncommand = ["true"]\nparams.p = { enum = ["x;y", "\`id\`", "$(id)", "a&b", "it's", "*", "c|d", "{1,2}", "~/x", "a!b", 'q"', "back\\\\slash", "v1.2+3@x:y/z,%_-", "größe"] }\n`,
    })
    expect(await completed(here, 'run', 'a', '--param', '')).toEqual(['p=v1.2+3@x:y/z,%_-', 'p=größe'])
  })

  test('looks where the line says that things lie', async () => {
    const here = place()
    expect(await completed(here, '--config', 'other conf.toml', 'run', '')).toEqual(['elsewhere'])
    expect(await completed(here, 'run', '--config=other conf.toml', '')).toEqual(['elsewhere'])
    await here.run(['run', 'lint', '--state-dir', 'folder'])
    expect(await completed(here, 'runs', 'show', '--state-dir', 'folder', '')).toHaveLength(2)
    expect(await completed(here, 'runs', 'show', '')).toEqual([])
  })

  test.each([
    ['a configuration with mistakes', 'jobs = 1\n'],
    ['a configuration that is no TOML', '[jobs'],
  ])('says nothing at all with %s', async (_title, config) => {
    expect(await completed(given({ config }), 'run', '')).toEqual([])
  })

  test('says nothing where its files are missing or its state is a file', async () => {
    const here = place()
    expect(await completed(here, '--config', 'nowhere.toml', 'run', '')).toEqual([])
    expect(await completed(here, '--state-dir', 'folder/inner.jsonl', 'runs', 'show', '')).toEqual([])
  })

  test('offers nothing behind what is no command or option', async () => {
    const here = place()
    expect(await completed(here, 'nonsense', '')).toEqual([])
  })

  test('makes nothing: looking leaves no trace', async () => {
    const here = place()
    await completed(here, 'runs', 'show', '')
    await completed(here, 'answer', '')
    expect((await here.shell('find "$HOME" -name "*.db*" -o -name owners')).stdout).toBe('')
  })
})

describe.skipIf(onWindows)('the script of bash, called as bash calls it', () => {
  /** bash's own words of a line: it splits at `=` and `:`, too. */
  async function replies(here: TestPlace, line: string, ...words: readonly string[]): Promise<readonly string[]> {
    const list = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
    const { stdout, stderr } = await here.shell(
      `source <(orchastration completions bash); COMP_LINE='${line.replaceAll("'", "'\\''")}' COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(orchastration ${list}); COMP_CWORD=${words.length}; _orchastration; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
    expect(stderr).toBe('')
    return stdout.split('\n').filter((word) => word !== '')
  }

  test.each<readonly [line: string, words: readonly string[], expected: readonly string[]]>([
    ['orchastration ru', ['ru'], ['run', 'runs']],
    ['orchastration runs ca', ['runs', 'ca'], ['cancel']],
    ['orchastration run b', ['run', 'b'], ['build']],
    ['orchastration run build ', ['run', 'build', ''], ['ask', 'lint']],
    ['orchastration run --de', ['run', '--de'], ['--detach']],
    ['orchastration list --de', ['list', '--de'], []],
    ['orchastration runs list --status=fa', ['runs', 'list', '--status', '=', 'fa'], ['failed']],
    ['orchastration --color=', ['--color', '='], ['auto', 'always', 'never']],
    ['orchastration --config "other conf.toml" run e', ['--config', '"other conf.toml"', 'run', 'e'], ['elsewhere']],
    [
      'orchastration --config="other conf.toml" run e',
      ['--config', '=', '"other conf.toml"', 'run', 'e'],
      ['elsewhere'],
    ],
    ['orchastration --config other\\ conf.toml run e', ['--config', 'other\\ conf.toml', 'run', 'e'], ['elsewhere']],
    ['orchastration --config nowhere.toml run ', ['--config', 'nowhere.toml', 'run', ''], []],
    ['orchastration run $(touch hacked) ', ['run', '$(touch hacked)', 'b'], ['build']],
  ])('%s', async (line, words, expected) => {
    const here = place()
    expect(await replies(here, line, ...words)).toEqual(expected)
    expect(here.has('hacked')).toBe(false)
  })
})

describe.skipIf(onWindows)('keys typed in', () => {
  describe.each(['bash', 'zsh'] as const)('%s', (name) => {
    test.skipIf(!hasProgram(name))(`${name} completes commands, names, values and paths`, async () => {
      const shell = await interactive(place(), name)
      try {
        await expectLines(shell)
        await shell.shows('orchastration run \t', 'lint')
      } finally {
        shell.end()
      }
    })
  })

  async function expectLines(shell: InteractiveShell): Promise<void> {
    const typed: readonly (readonly [keys: string, line: string])[] = [
      ['orchastration ver\t', 'orchastration verify '],
      ['orchastration runs sh\t', 'orchastration runs show '],
      ['orchastration run bui\t', 'orchastration run build '],
      ['orchastration run --det\t', 'orchastration run --detach '],
      ['orchastration run build --param stage=p\t', 'orchastration run build --param stage=prod '],
      ['orchastration run build --param lab\t', 'orchastration run build --param label='],
      ['orchastration --color al\t', 'orchastration --color always '],
      ['orchastration --color=al\t', 'orchastration --color=always '],
      ['orchastration --config oth\t', 'orchastration --config other\\ conf.toml '],
      ['orchastration --config=oth\t', 'orchastration --config=other\\ conf.toml '],
      [
        'orchastration --config other\\ conf.toml run else\t',
        'orchastration --config other\\ conf.toml run elsewhere ',
      ],
      ['orchastration verify folder/in\t', 'orchastration verify folder/inner.jsonl '],
      ['orchastration --state-dir fol\t', 'orchastration --state-dir folder/'],
      ['orchastration --state-dir oth\t', 'orchastration --state-dir oth'],
      ['orchastration --config nowhere.toml run bui\t', 'orchastration --config nowhere.toml run bui'],
      ['orchastration list --det\t', 'orchastration list --det'],
    ]
    for (const [keys, line] of typed) expect(await shell.lineAfter(keys), keys).toBe(line)
  }

  test.skipIf(!hasProgram('fish'))('fish completes commands, names, values and paths', async () => {
    const here = place()
    const offers = async (line: string) => {
      const { stdout, stderr } = await here.shell(
        `PATH="$(dirname ${here.binary}):$PATH" fish --no-config -c 'orchastration completions fish | source; complete -C $argv[1]' -- '${line}'`,
      )
      expect(stderr).toBe('')
      return stdout
        .split('\n')
        .slice(0, -1)
        .map((row) => row.split('\t')[0])
    }
    expect(await offers('orchastration ver')).toEqual(['verify'])
    expect(await offers('orchastration runs sh')).toEqual(['show'])
    expect(await offers('orchastration run bui')).toEqual(['build'])
    expect(await offers('orchastration run --det')).toEqual(['--detach'])
    expect(await offers('orchastration --color=al')).toEqual(['--color=always'])
    expect(await offers('orchastration --config oth')).toEqual(['other conf.toml'])
    expect(await offers('orchastration --config=oth')).toEqual(['--config=other conf.toml'])
    expect(await offers('orchastration --config "other conf.toml" run e')).toEqual(['elsewhere'])
    expect(await offers('orchastration --state-dir ')).toEqual(['folder/'])
    expect(await offers('orchastration --config nowhere.toml run ')).toEqual([])
  })

  test.skipIf(!hasProgram('pwsh'))('the script of PowerShell is understood by PowerShell', async () => {
    const { stderr, exit } = await place().shell(
      'orchastration completions powershell > c.ps1 && pwsh -NoProfile -Command "& ./c.ps1"',
    )
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 })
  })
})
