import { mkdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isRoot, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

describe.skipIf(onWindows)('a mistake in the configuration', () => {
  test('is shown with file, line, column and caret, and nothing runs', async () => {
    const place = given({
      config: `[jobs.test]\ncomand = ["touch", "ran"]\ncommand = ["touch", "ran"]\ntimeout_seconds = "10"\n`,
    })
    await place.gives(['run', 'test'], {
      stderr: `config.toml: 2 problems, nothing was run

  ~/.config/orchastration/config.toml:2:1
  2 | comand = ["touch", "ran"]
    | ^^^^^^ unknown key in [jobs.test]; did you mean "command"?

  ~/.config/orchastration/config.toml:4:19
  4 | timeout_seconds = "10"
    |                   ^^^^ a whole number of seconds is expected, this is text
`,
      exit: 2,
    })
    expect(place.has('ran')).toBe(false)
  })

  test('that is no TOML is shown where it is', async () => {
    const place = given({ config: `[jobs.test]\ncommand = ["true"]\nworking_dir = \n` })
    const { stderr, exit } = await place.run(['list'])
    expect(exit).toBe(2)
    expect(stderr).toMatch(
      /^config\.toml: 1 problem, nothing was run\n\n {2}~\/\.config\/orchastration\/config\.toml:3:\d+\n {2}3 \| working_dir = ?\n {4}\| +\^+ not valid TOML: /,
    )
  })

  test.each(['list', 'status', 'run test'])('keeps %s from guessing', async (line) => {
    const place = given({ config: 'jobs = 1\n' })
    const { exit, stdout } = await place.run(line.split(' '))
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
  })

  test('is data with --json', async () => {
    const place = given({ config: `[jobs.test]\ncomand = ["true"]\n` })
    const document = await place.json(['list'])
    expect(document).toEqual(
      expect.objectContaining({
        schema: 'orchastration.failure/1',
        failure: expect.objectContaining({
          code: 'config_invalid',
          path: place.configFile,
          problems: expect.arrayContaining([
            expect.objectContaining({ kind: 'unknown_key', line: 2, column: 1, width: 6, nearest: 'command' }),
          ]),
        }),
      }),
    )
  })

  test('such as a file that was asked for and is not there, is one', async () => {
    await given().gives(['--config', 'nowhere.toml', 'list'], {
      stderr:
        'configuration file not found: <work>/nowhere.toml\ncheck the path after --config, or leave --config out to use the usual place\n',
      exit: 2,
    })
  })

  test('such as a directory in its place, is one', async () => {
    const place = given()
    mkdirSync(place.configFile, { recursive: true })
    const { exit, stderr } = await place.run(['list'])
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringMatching(/^the configuration file cannot be read: /),
    })
  })

  test('such as a relative XDG directory, is one', async () => {
    const { exit, stderr } = await given().run(['list'], { env: { XDG_CONFIG_HOME: 'here' } })
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr:
        'XDG_CONFIG_HOME must be an absolute path, it is "here"\nset XDG_CONFIG_HOME to an absolute path, or unset it\n',
    })
  })

  test.each([
    ['"../../x"', '../../x'],
    ['"a/b"', 'a/b'],
    ['"-rf"', '-rf'],
    ['"con"', 'con'],
    ['".."', '..'],
    ['"__proto__"', '__proto__'],
  ])('such as a name that would be a path: %s', async (name) => {
    const place = given({ config: `[jobs.${name}]\ncommand = ["touch", "ran"]\n` })
    const { exit } = await place.run(['run', '--', JSON.parse(name)])
    expect(exit).toBe(2)
    expect(place.has('ran')).toBe(false)
    expect((await place.shell('find "$HOME" -type f')).stdout).toBe(`${place.configFile}\n`)
  })
})

describe.skipIf(onWindows)('a mistake on the command line', () => {
  test.each([
    ['nonsense', 'unknown command "nonsense"\n'],
    ['statsu', 'unknown command "statsu"; did you mean "status"?\n'],
    ['runs lst', 'unknown command "runs lst"; did you mean "runs list"?\n'],
    ['run', '<job> is missing'],
    ['show', 'all jobs:  orchastration list\n'],
    ['run j stage=prod', 'a parameter:  orchastration run <job> --param stage=prod\n'],
    ['verify nowhere.jsonl', 'it is not there\n'],
    ['run j --jbos 2', 'unknown option "--jbos"; did you mean "--jobs"?\n'],
    ['run j --jobs 0', '"0"'],
    ['run j --jobs', '--jobs'],
    ['list extra', '"extra"'],
    ['runs list --status done', '"done"'],
    ['status --jobs 2', 'unknown option "--jobs"'],
  ])('%s is told and exits with 2', async (line, text) => {
    const place = given({ config: `[jobs.j]\ncommand = ["touch", "ran"]\n` })
    const { exit, stdout, stderr } = await place.run(line.split(' '))
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: expect.stringContaining(text) })
    expect(place.has('ran')).toBe(false)
  })

  test('options after the name count as much as those before it', async () => {
    const place = given({ files: { 'c.toml': `[jobs.j]\ncommand = ["touch", "ran"]\n` } })
    expect((await place.run(['run', 'j', '--jobs', '1', '--config', 'c.toml'])).exit).toBe(0)
    expect((await place.run(['--config=c.toml', 'run', '--jobs=1', 'j'])).exit).toBe(0)
  })

  test('--help that is the value of an option is a value', async () => {
    const { exit, stderr } = await given().run(['--config', '--help', 'list'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('--help') })
  })

  test('no command at all is answered with help', async () => {
    const place = given()
    const help = await place.run([])
    expect({ exit: help.exit, stderr: help.stderr }).toEqual({ exit: 0, stderr: '' })
    expect(help.stdout).toBe((await place.run(['--help'])).stdout)
  })
})

describe.skipIf(onWindows)('a job that cannot start', () => {
  test('for want of its program says what was looked for, and is recorded', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["no-such-program", "x"]\n` })
    await place.gives(['run', 'j'], {
      stdout: 'job=j exit=1 duration_ms=<n>\n',
      stderr: 'j · program not found: no-such-program · <t>\nall that happened: orchastration runs show <run>\n',
      exit: 127,
    })
    const { stdout } = await place.run(['runs', 'show', place.lastRun()])
    expect(stdout).toContain('program not found: "no-such-program"\n')
  })

  test('for want of its directory says which', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["true"]\nworking_dir = "nowhere"\n` })
    await place.gives(['run', 'j'], {
      stdout: 'job=j exit=1 duration_ms=<n>\n',
      stderr: 'j · no such directory: <work>/nowhere · <t>\nall that happened: orchastration runs show <run>\n',
      exit: 2,
    })
  })

  test('for want of permission says so', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["./locked"]\n`, files: { locked: '#!/bin/sh\n' } })
    await place.gives(['run', 'j'], {
      stdout: 'job=j exit=1 duration_ms=<n>\n',
      stderr: 'j · not executable: ./locked · <t>\nall that happened: orchastration runs show <run>\n',
      exit: 126,
    })
  })

  test('because it is no program says so', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["./noise"]\n`, programs: { noise: '\u0001\u0002\u0003' } })
    const { exit, stdout } = await place.run(['run', 'j'])
    expect({ exit, stdout }).toEqual({ exit: 126, stdout: expect.stringContaining('job=j exit=1 ') })
  })

  test.skipIf(!onLinux || !isRoot)(
    'by a user who may not enter its directory says so (as another user: needs root)',
    async () => {
      const place = given({ config: `[jobs.j]\ncommand = ["true"]\nworking_dir = "/root"\n` })
      await place.shell(`chmod -R a+rwX ${place.root}`)
      const { exit, stderr } = await place.run(['run', 'j'], { before: AS_NOBODY })
      expect({ exit: exit !== 0 && exit < 128, stderr }).toEqual({
        exit: true,
        stderr: expect.stringContaining('/root'),
      })
    },
  )
})

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
