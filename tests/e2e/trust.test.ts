import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRoot, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const OWN = '[jobs.mine]\ncommand = ["true"]\n[jobs.both]\ncommand = ["echo", "user"]\n'
const PROJECT = `[jobs.hello]
command = ["./hello.sh"]
env_file = ".env"
[jobs.both]
command = ["echo", "project"]
`
const FILES = { 'orchastration.toml': PROJECT, '.env': 'A=1\n' }
const PROGRAMS = { 'hello.sh': '#!/bin/sh\ntouch ran\n' }

const trusted = (place: TestPlace) => join(place.keys, 'trust')

describe.skipIf(onWindows)('without trust', () => {
  test('nothing of a project file is obeyed, and each command says so in one line and goes on', async () => {
    const place = given({ config: OWN, files: FILES, programs: PROGRAMS })
    const warning = '<work>/orchastration.toml is not trusted and does not count; look at it: orchastration trust\n'
    await place.gives(['list'], { stdout: 'both\nmine\n', stderr: warning, exit: 0 })
    const other = given({ files: FILES, programs: PROGRAMS })
    await other.gives(['list'], { stdout: 'no jobs configured\n', stderr: warning, exit: 0 })
    await place.gives(['status'], {
      stdout: 'both - no runs recorded\nmine - no runs recorded\n',
      stderr: warning,
      exit: 0,
    })
    expect(await place.run(['run', 'mine'])).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('is not trusted'),
    })
    expect(await place.run(['runs', 'list'])).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('is not trusted'),
    })
    expect(await place.run(['verify'])).toMatchObject({ exit: 0, stderr: expect.stringContaining('is not trusted') })
    expect(place.has('ran')).toBe(false)
    expect((await place.json(['list']))['jobs']).toHaveLength(2)
  })

  test('a job of the project fails with the command to type, also one that the user has under that name', async () => {
    const place = given({ config: OWN, files: FILES, programs: PROGRAMS })
    const why = (job: string) => `job "${job}" is in <work>/orchastration.toml, which is not trusted; nothing was run
nobody has said yet that it may run commands here
look and trust:       orchastration trust
without being asked:  orchastration trust --yes
this once:            orchastration run ${job} --trust
`
    await place.gives(['run', 'hello'], { stderr: why('hello'), exit: 2 })
    await place.gives(['run', 'both'], { stderr: why('both'), exit: 2 })
    await place.gives(['run', 'hello', '--dry-run'], { stderr: why('hello'), exit: 2 })
    await place.gives(['show', 'hello'], { stderr: why('hello'), exit: 2 })
    expect(await place.json(['run', 'hello'])).toMatchObject({ failure: { code: 'project_untrusted', job: 'hello' } })
    expect(place.has('ran')).toBe(false)
    expect(place.events()).toEqual([])
  })

  test('so does an orchestration, also one that the user has under that name', async () => {
    const theirs = '[agents.A]\ncommand = ["./hello.sh"]\n[orchestrations.o]\nagents = ["A"]\n'
    const own =
      '[agents.B]\ncommand = ["echo", "{}"]\n[orchestrations.o]\nagents = ["B"]\n[orchestrations.p]\nagents = ["B"]\n'
    const place = given({ config: own, files: { 'orchastration.toml': theirs }, programs: PROGRAMS })
    const { exit, stderr } = await place.run(['orchestration', 'run', 'o'])
    expect([exit, stderr]).toEqual([2, expect.stringContaining('orchestration "o" is in ')])
    expect(await place.json(['orchestration', 'run', 'o'])).toMatchObject({ failure: { orchestration: 'o' } })
    expect(place.events()).toEqual([])
    expect((await place.run(['orchestration', 'run', 'p'])).exit).toBe(0)
    expect(place.has('ran')).toBe(false)
  })

  test('an environment, a configuration cache and a record that somebody brings along help nobody', async () => {
    const place = given({ config: OWN, files: FILES, programs: PROGRAMS })
    // The same bytes were read and found right before, and lie in the cache.
    await place.run(['list', '--config', 'orchastration.toml'])
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    // A record in the project itself is none.
    await place.run(['trust', '--yes'])
    const [record = ''] = readdirSync(trusted(place))
    const text = readFileSync(join(trusted(place), record), 'utf8')
    rmSync(join(trusted(place), record))
    place.write(`.local/share/orchastration/trust/${record}`, text)
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    // Nor one that others may write, one of another directory, or one behind a link.
    writeFileSync(join(trusted(place), record), text, { mode: 0o666 })
    chmodSync(join(trusted(place), record), 0o666)
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    rmSync(join(trusted(place), record))
    writeFileSync(join(trusted(place), record), text.replace('/work"', '/else"'), { mode: 0o600 })
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    rmSync(join(trusted(place), record))
    symlinkSync(place.path(`.local/share/orchastration/trust/${record}`), join(trusted(place), record))
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    rmSync(join(trusted(place), record))
    writeFileSync(join(trusted(place), record), '{"rules":1,', { mode: 0o600 })
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    expect(place.has('ran')).toBe(false)
    rmSync(join(trusted(place), record))
    writeFileSync(join(trusted(place), record), text, { mode: 0o600 })
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
  })
})

describe.skipIf(onWindows)('trust', () => {
  test('shows all that it would allow, and asks for a yes where nobody is there to say it', async () => {
    const place = given({
      config: OWN,
      files: {
        ...FILES,
        'orchastration.toml': `${PROJECT}[jobs.more]
command = ["sh", "later.sh", "-x"]
working_dir = "sub"
env_file = "../../out.env"
env = { LD_PRELOAD = "evil.so\\u001b[2J" }
secrets = { T = { command = ["pass", "it's"] }, U = { file = "u" }, V = { env = "W" } }
[tasks.t]
repo = "external"
working_dir = "/w"
command = ["make", "all"]
[agents.A]
command = ["./agent.sh", "a b"]
variables = ["TOKEN"]
[agents.B]
backend = "human"
[orchestrations.o]
workspace = "../elsewhere"
write_scope = ["workspace", "domain"]
allow = [".env.test"]
commands = ["hello"]
[[orchestrations.o.nodes]]
id = "ask"
with = { agent = "B" }
[[orchestrations.o.nodes]]
id = "ship"
kind = "command"
with = { command = "./ship.sh now", shell = true, env = { TO = "all" } }
[[conductor.rules]]
before = "*"
tools = ["run"]
do = "approve"
`,
      },
      programs: PROGRAMS,
    })
    const review = `<work>/orchastration.toml
it may run, when somebody asks for it:
  hello: ./hello.sh
    variables from .env
  both: echo project
  more: sh later.sh -x
    in sub
    variables from ../../out.env
    sets LD_PRELOAD to evil.so\u241b[2J
    gives it T from the command pass 'it'\\''s'
    gives it U from the file u
    gives it V from the variable W
for its tasks:
  t: make all
    in /w
for its agents:
  A: ./agent.sh 'a b'
    gives it TOKEN
for its orchestrations:
  o, ship: shell: ./ship.sh now
    sets TO to all
its agents work where, and with what:
  o:
    in ../elsewhere
    may write workspace, domain
    although refused for their names: .env.test
    may run the jobs hello
its runs are steered by:
  before *, run: approve
a change of these takes the trust away:
  orchastration.toml
  hello.sh
  .env
so would these, which are not there yet:
  sub/later.sh
  agent.sh
  ship.sh
nobody watches these, since they lie outside of the project:
  ../../out.env
not watched: what these programs read or start themselves, programs found by PATH, files that hold secrets
`
    await place.gives(['trust'], {
      stderr: `${review}<work>/orchastration.toml is not trusted; nothing was run
nobody has said yet that it may run commands here
look and trust:       orchastration trust
without being asked:  orchastration trust --yes
this once:            orchastration <command> --trust
`,
      exit: 2,
    })
    expect(existsSync(trusted(place))).toBe(false)
    await place.gives(['trust', '--yes'], {
      stdout: '<work>/orchastration.toml is trusted now\n',
      stderr: review,
      exit: 0,
    })
    await place.gives(['trust'], { stdout: '<work>/orchastration.toml is trusted already\n', stderr: review, exit: 0 })
  })

  test('is kept beside the keys, for its owner only', async () => {
    const place = given({ files: FILES, programs: PROGRAMS })
    await place.run(['trust', '--yes'])
    const names = readdirSync(trusted(place))
    expect(names).toHaveLength(1)
    expect(statSync(trusted(place)).mode & 0o777).toBe(0o700)
    expect(statSync(join(trusted(place), names[0] ?? '')).mode & 0o777).toBe(0o600)
    expect(readdirSync(place.directory).toSorted()).toEqual(['.env', 'hello.sh', 'orchastration.toml'])
  })

  test.each([
    ['orchastration.toml', (place: TestPlace) => place.write('orchastration.toml', `${PROJECT}# more\n`)],
    ['hello.sh', (place: TestPlace) => place.write('hello.sh', '#!/bin/sh\ntouch evil\n')],
    ['.env', (place: TestPlace) => place.write('.env', 'PATH=.\n')],
    ['.env', (place: TestPlace) => rmSync(place.path('.env'))],
    [
      'hello.sh',
      (place: TestPlace) => {
        place.write('other.sh', 'touch evil\n')
        rmSync(place.path('hello.sh'))
        symlinkSync('other.sh', place.path('hello.sh'))
      },
    ],
  ])('is gone once %s has changed, and the message says that', async (name, change) => {
    const place = given({ config: OWN, files: FILES, programs: PROGRAMS })
    await place.run(['trust', '--yes'])
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
    rmSync(place.path('ran'))
    change(place)
    const ran = await place.run(['run', 'hello'])
    expect(ran.exit).toBe(2)
    expect(ran.stderr).toContain(`changed since it was trusted: ${name}\n`)
    expect((await place.run(['list'])).stdout).toBe('both\nmine\n')
    expect(place.tidy((await place.run(['trust', '--list'])).stdout)).toBe(
      `<work> - changed since it was trusted: ${name}\n`,
    )
    expect([place.has('ran'), place.has('evil')]).toEqual([false, false])
    await place.run(['trust', '--yes'])
    expect((await place.run(['list'])).stdout).toBe('both\nhello\nmine\n')
  })

  test('is gone once a file comes that was named and not there', async () => {
    const place = given({ files: { 'orchastration.toml': '[jobs.j]\nshell = true\ncommand = "true && sh later.sh"' } })
    await place.run(['trust', '--yes'])
    expect((await place.run(['list'])).stdout).toBe('j\n')
    place.write('later.sh', 'touch evil')
    expect((await place.run(['run', 'j'])).stderr).toContain('changed since it was trusted: later.sh\n')
  })

  test('is back once the file is what it was', async () => {
    const place = given({ files: FILES, programs: PROGRAMS })
    await place.run(['trust', '--yes'])
    place.write('.env', 'A=2\n')
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    place.write('.env', 'A=1\n')
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
  })

  test('in one directory says nothing of a copy of it, or of one that takes its place', async () => {
    const place = given({ files: { 'a/orchastration.toml': PROJECT, 'b/orchastration.toml': PROJECT } })
    await place.run(['trust', 'a', '--yes'])
    expect((await place.run(['run', 'hello'], { cwd: place.path('b') })).exit).toBe(2)
    rmSync(place.path('a'), { recursive: true })
    mkdirSync(place.path('a'))
    place.write('a/orchastration.toml', '[jobs.hello]\ncommand = ["touch", "evil"]\n')
    expect((await place.run(['run', 'hello'], { cwd: place.path('a') })).exit).toBe(2)
  })

  test('is refused where everybody may change what it covers, and gone once they may', async () => {
    const place = given({ config: OWN, files: FILES, programs: PROGRAMS })
    chmodSync(place.path('hello.sh'), 0o777)
    const refused = await place.run(['trust', '--yes'])
    expect(refused).toMatchObject({ stdout: '', exit: 2 })
    expect(refused.stderr).toContain(
      'everybody on this machine may change hello.sh\nfor you to change:  chmod o-w hello.sh\n',
    )
    chmodSync(place.path('hello.sh'), 0o755)
    await place.run(['trust', '--yes'])
    chmodSync(place.path('orchastration.toml'), 0o666)
    expect((await place.run(['run', 'hello'])).stderr).toContain(
      'everybody on this machine may change orchastration.toml\n',
    )
    chmodSync(place.path('orchastration.toml'), 0o664)
    chmodSync(place.directory, 0o777)
    expect((await place.run(['run', 'hello'])).stderr).toContain('everybody on this machine may change .\n')
    chmodSync(place.directory, 0o1777)
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
  })

  test('can be taken back, from the directory, by its name, and after it is gone', async () => {
    const place = given({ files: { 'a/orchastration.toml': PROJECT, 'b/orchastration.toml': PROJECT } })
    await place.run(['trust', 'a', '--yes'])
    await place.run(['trust', 'b', '--yes'])
    await place.gives(['trust', '--list'], { stdout: '<work>/a\n<work>/b\n', exit: 0 })
    await place.gives(['trust', 'a', '--revoke'], { stdout: '<work>/a is not trusted any more\n', exit: 0 })
    await place.gives(['trust', 'a', '--revoke'], { stdout: '<work>/a was not trusted\n', exit: 0 })
    rmSync(place.path('b'), { recursive: true })
    await place.gives(['trust', '--list'], {
      stdout: '<work>/b - changed since it was trusted: orchastration.toml\n',
      exit: 0,
    })
    await place.gives(['trust', 'b', '--revoke'], { stdout: '<work>/b is not trusted any more\n', exit: 0 })
    await place.gives(['trust', '--list'], { stderr: 'no project is trusted\n', exit: 0 })
  })

  test('of nothing, and of a file with mistakes, is told', async () => {
    const place = given()
    await place.gives(['trust'], {
      stderr: `no orchastration.toml is in <work> or above it
an example:        orchastration config example
files that count:  orchastration config path
`,
      exit: 2,
    })
    place.write('orchastration.toml', '[jobs.a]\ncomand = 1')
    expect(await place.run(['trust', '--yes'])).toMatchObject({
      stderr: expect.stringMatching(/^orchastration\.toml: 1 problem, nothing was run\n/),
      exit: 2,
    })
  })
})

describe.skipIf(onWindows)('trust on a terminal', () => {
  test('is asked for, and only yes is yes', async () => {
    const place = given({ files: FILES, programs: PROGRAMS })
    for (const answer of ['no\r', 'n\r', 'yep\r', '\r', '\u0003', '\u0004']) {
      const terminal = onTerminal(place, ['trust'])
      await terminal.until('Trust it? yes | no: ')
      expect(terminal.text()).toContain('hello: ./hello.sh')
      terminal.type(answer)
      expect(await terminal.exit, JSON.stringify(answer)).not.toBe(0)
      expect(existsSync(trusted(place))).toBe(false)
    }
    const terminal = onTerminal(place, ['trust'])
    await terminal.until('Trust it? yes | no: ')
    terminal.type('y\r')
    expect(await terminal.exit).toBe(0)
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
  })

  test('is trust in what was shown: a change while the question stands counts as one', async () => {
    const place = given({ files: FILES, programs: PROGRAMS })
    const terminal = onTerminal(place, ['trust'])
    await terminal.until('Trust it? yes | no: ')
    place.write('orchastration.toml', '[jobs.hello]\ncommand = ["touch", "evil"]\n')
    terminal.type('yes\r')
    expect(await terminal.exit).toBe(0)
    expect((await place.run(['run', 'hello'])).stderr).toContain('changed since it was trusted: orchastration.toml\n')
  })
})

describe.skipIf(onWindows)('trust without a record', () => {
  test('is given for once by --trust, and leaves nothing behind', async () => {
    const place = given({ files: FILES, programs: PROGRAMS })
    expect((await place.run(['run', 'hello', '--trust'])).exit).toBe(0)
    expect(place.has('ran')).toBe(true)
    expect((await place.run(['run', 'hello'])).exit).toBe(2)
    expect((await place.run(['list', '--trust'])).stdout).toBe('both\nhello\n')
  })

  test('is given by a list of directories, for all that lies below them', async () => {
    const place = given({ files: { 'a/b/orchastration.toml': PROJECT, 'ab/orchastration.toml': PROJECT } })
    const list = async (cwd: string, paths: string) =>
      (await place.run(['list'], { cwd: place.path(cwd), env: { ORCHASTRATION_TRUSTED_PATHS: paths } })).stdout
    const top = realpathSync(place.directory)
    expect(await list('a/b', `/nowhere:${top}/a:`)).toBe('both\nhello\n')
    expect(await list('a/b', `${top}/a/b`)).toBe('both\nhello\n')
    expect(await list('a/b', `${top}/a/b/c`)).toBe('no jobs configured\n')
    expect(await list('ab', `${top}/a`)).toBe('no jobs configured\n')
    expect(await list('a/b', `${top}/ab/../a`)).toBe('both\nhello\n')
    symlinkSync('a', place.path('link'))
    expect(await list('a/b', `${top}/link`)).toBe('both\nhello\n')
    const relative = await place.run(['list'], { cwd: place.path('ab'), env: { ORCHASTRATION_TRUSTED_PATHS: '.' } })
    expect(relative).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('ORCHASTRATION_TRUSTED_PATHS must be an absolute path'),
    })
  })
})

test.skipIf(onWindows || !isRoot)('a record that somebody else owns is none', async () => {
  const { chownSync } = await import('node:fs')
  const place = given({ files: FILES, programs: PROGRAMS })
  await place.run(['trust', '--yes'])
  const [record = ''] = readdirSync(trusted(place))
  chownSync(join(trusted(place), record), 65_534, 65_534)
  expect((await place.run(['run', 'hello'])).exit).toBe(2)
})
