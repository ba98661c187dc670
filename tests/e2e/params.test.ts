import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const DEPLOY = `
[jobs.deploy]
command = ["printf", "%s|", "{{stage}}", "--to={{host}}", "{{{{host}}", "{{.Names}}"]
[jobs.deploy.params.host]
pattern = "[a-z0-9.-]+"
[jobs.deploy.params.stage]
default = "dev"
enum = ["dev", "prod"]
[jobs.deploy.params.copies]
type = "integer"
default = 2
`

describe.skipIf(onWindows)('parameters', () => {
  test('are filled into the command, a default where nothing is given', async () => {
    const place = given({ config: DEPLOY })
    const { stderr } = await place.run(['run', '--param', 'host=a.example', 'deploy'])
    expect(stderr).toContain('dev|--to=a.example|{{host}}|{{.Names}}|')
  })

  test('that are wrong are told all at once, and nothing runs', async () => {
    const place = given({ config: DEPLOY })
    await place.gives(
      ['run', 'deploy', '--param', 'stage=prdo', '--param', 'copies=2.5', '--param', 'hots=x', '--param', 'host=A B'],
      {
        stdout: '',
        stderr: [
          '4 parameters are not right, nothing was run',
          '  no job of the run has a parameter "hots"; did you mean "host"?',
          '  deploy takes what matches [a-z0-9.-]+ for "host", not "A B"',
          '  deploy takes one of dev, prod for "stage", not "prdo"; did you mean "prod"?',
          '  deploy takes a value of type integer for "copies", not "2.5"',
          'what deploy takes:  orchastration show deploy\n',
        ].join('\n'),
        exit: 2,
      },
    )
  })

  test('without a default must be given', async () => {
    const place = given({ config: DEPLOY })
    const { exit, stderr } = await place.run(['run', 'deploy'])
    expect(exit).toBe(2)
    expect(stderr).toContain('deploy needs "host": give it with --param host=…')
  })

  test('reach a command and a shell as variables, and are never read as code', async () => {
    const place = given({
      config: `[jobs.say]\ncommand = 'printf "%s" "$PARAM_WHO_ELSE"'\nshell = true\n[jobs.say.params.who-else]\n`,
    })
    const { stderr } = await place.run(['run', 'say', '--param', 'who-else=$(touch owned); `touch owned`'])
    expect(stderr).toContain('$(touch owned); `touch owned`')
    expect((await place.shell('test -e owned')).exit).toBe(1)
  })

  test('in a placeholder that the job does not declare are a mistake of the configuration', async () => {
    const place = given({ config: `[jobs.a]\ncommand = ["echo", "{{hots}}"]\n[jobs.a.params.host]\n` })
    const { exit, stderr } = await place.run(['run', 'a'])
    expect(exit).toBe(2)
    expect(stderr).toContain('a parameter that the job declares is expected, this is "{{hots}}"; did you mean "host"?')
  })

  test('whose default is none of their values are a mistake of the configuration', async () => {
    const place = given({
      config: `[jobs.a]\ncommand = ["true"]\n[jobs.a.params.n]\ntype = "integer"\ndefault = "x"\n`,
    })
    const { exit, stderr } = await place.run(['run', 'a'])
    expect(exit).toBe(2)
    expect(stderr).toContain('config.toml:5:11')
  })
})

describe.skipIf(onWindows)('a parameter without an equals sign', () => {
  test('is refused, and the empty text is given by an equals sign with nothing behind it', async () => {
    const place = given({ config: `[jobs.a]\ncommand = ["printf", "<%s>", "{{x}}"]\nparams.x = { default = "d" }\n` })
    const { exit, stderr } = await place.run(['run', 'a', '--param', 'x'])
    expect(exit).toBe(2)
    expect(stderr).toContain('NAME=VALUE is expected, not "x"; the empty text is given by --param x=')
    expect(place.events()).toEqual([])
    expect((await place.run(['run', 'a', '--param', 'x='])).stderr).toContain('<>')
  })
})

describe.skipIf(onWindows)('arguments after two dashes', () => {
  test('go to the command as they are', async () => {
    const place = given({ config: `[jobs.say]\ncommand = ["printf", "<%s>"]\n` })
    const { stderr } = await place.run(['run', 'say', '--', '--json', 'a b', '', '--', '007'])
    expect(stderr).toContain('<--json><a b><><--><007>')
  })

  test('go to the end of a text for a shell, or where it wants them', async () => {
    const place = given({
      config: `[jobs.end]\ncommand = "printf '<%s>' one"\nshell = true\n[jobs.own]\ncommand = 'printf "<%s>" "$2" "$1"'\nshell = "sh"\n`,
    })
    expect((await place.run(['run', 'end', '--', 'a b', '$HOME'])).stderr).toContain('<one><a b><$HOME>')
    expect((await place.run(['run', 'own', '--', 'a', 'b'])).stderr).toContain('<b><a>')
  })

  test('are never lost in a shell text: a text without a place for them is refused', async () => {
    const place = given({
      config: `[jobs.note]\ncommand = "printf '<%s>' one # note"\nshell = true\n[jobs.loop]\ncommand = "sleep 0 &"\nshell = true\n`,
    })
    expect((await place.run(['run', 'note', '--', 'a b'])).stderr).toContain('<one><a b>')
    const { exit, stderr } = await place.run(['run', 'loop', '--', 'x'])
    expect(exit).toBe(2)
    expect(stderr).toContain('the shell text of loop has no clear place for arguments: write "$@" where they belong')
    expect((await place.run(['run', 'loop'])).exit).toBe(0)
  })

  test('are for one job only', async () => {
    const place = given({ config: `[jobs.a]\ncommand = ["true"]\n[jobs.b]\ncommand = ["true"]\n` })
    const { exit, stderr } = await place.run(['run', 'a', 'b', '--', 'x'])
    expect(exit).toBe(2)
    expect(stderr).toContain('arguments after -- are for one job, and several were asked for')
  })
})

describe.skipIf(onWindows)('allow_exit', () => {
  test('makes a further exit code a success, and the summary still says it', async () => {
    const place = given({
      config: `[jobs.grep]\ncommand = ["sh", "-c", "exit 1"]\nallow_exit = [1]\n[jobs.next]\nneeds = ["grep"]\ncommand = ["true"]\n`,
    })
    expect(await place.run(['run', 'grep'])).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^job=grep exit=1 /),
    })
    expect((await place.run(['run', 'next'])).exit).toBe(0)
  })
})
