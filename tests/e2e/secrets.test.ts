import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRoot, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CANARY = `c4nary+Value/"it's"&<42>?x=y`
/** What no sink may hold: the canary in each of its forms, by other means than ours. */
const FORMS = [
  CANARY,
  'c4nary+Value',
  Buffer.from(CANARY).toString('base64').slice(0, -4),
  ...['u:', 'u', ''].map((before) =>
    Buffer.from(before + CANARY)
      .toString('base64')
      .slice(4, -4),
  ),
  Buffer.from(CANARY).toString('hex'),
  Buffer.from(CANARY).toString('hex').toUpperCase(),
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1),
]
const PRINT = `
printf '%s\\n' "$TOKEN"
printf '%s\\n' "$TOKEN" >&2
printf '%s' "$TOKEN" | base64
printf 'user:%s' "$TOKEN" | base64 -w 8
printf '%s' "$TOKEN" | base64 | tr '+/' '-_'
printf '%s' "$TOKEN" | od -An -v -tx1 | tr -d ' \\n'
printf '%s' "$TOKEN" | od -An -v -tx1 | tr -d ' \\n' | tr a-f A-F
set -x; : "$TOKEN"; set +x
env
cat /proc/self/environ
`

/** Every file below the place's home that holds a form of the canary. */
function leaksBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => holdsCanary(readFileSync(path, 'latin1')))
}

function holdsCanary(text: string): boolean {
  return FORMS.some((form) => text.includes(form))
}

async function everythingSaid(place: TestPlace): Promise<string> {
  const said: string[] = []
  for (const args of [
    ['runs', 'logs', place.lastRun()],
    ['runs', 'show', place.lastRun()],
    ['runs', 'show', place.lastRun(), '--json'],
    ['runs', 'events'],
    ['runs', 'export', place.lastRun()],
    ['status', '--json'],
    ['list', '--json'],
    ['verify'],
  ]) {
    const { stdout, stderr } = await place.run(args)
    said.push(stdout, stderr)
  }
  return said.join('\n')
}

describe.skipIf(onWindows)('a secret', () => {
  test.each([
    ['of a variable', 'env = "CANARY"', {}],
    ['of a file', 'file = "secret.txt"', { 'secret.txt': `${CANARY}\n` }],
    ['of a command', 'command = ["sh", "-c", "cat secret.txt; cat secret.txt >&2"]', { 'secret.txt': `${CANARY}\n` }],
  ])('%s reaches its command, and no sink', async (_name, source, files) => {
    const place = given({
      config: `[jobs.j]\ncommand = ["sh", "-c", '[ "$TOKEN" = "$(cat expected)" ] && echo right; . ./print.sh']\nsecrets.TOKEN = { ${source} }\n`,
      files: { ...files, expected: `${CANARY}\n`, 'print.sh': PRINT },
      env: { CANARY },
    })
    const ran = await place.run(['run', 'j'])
    expect(ran.exit, ran.stderr).toBe(0)
    const { stdout } = await place.run(['runs', 'logs', place.lastRun(), '--stdout'])
    expect(stdout).toContain('right\n***\n')
    expect(stdout).toContain('TOKEN=***\n')
    expect(ran.stderr).toContain('***')
    expect(holdsCanary(ran.stdout + ran.stderr)).toBe(false)
    expect(holdsCanary(await everythingSaid(place))).toBe(false)
    expect(leaksBelow(place.home)).toEqual([])
  })

  test('is not shown by a failure, on a terminal, or as JSON', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["sh", "-c", ". ./print.sh; exit 3"]\nsecrets.TOKEN = { env = "CANARY" }\n`,
      files: { 'print.sh': PRINT },
      env: { CANARY },
    })
    const terminal = onTerminal(place, ['run', 'j'])
    expect(await terminal.exit).toBe(3)
    const json = await place.run(['run', 'j', '--json'])
    expect(holdsCanary(terminal.text() + json.stdout + json.stderr)).toBe(false)
    expect(terminal.text()).toContain('***')
    expect(leaksBelow(place.home)).toEqual([])
  })

  test('wins over files of variables, and is read anew at each try', async () => {
    const place = given({
      config: `[jobs.j]
command = ["sh", "-c", 'echo "$TOKEN" >> seen; cp next secret.txt; [ -e tried ] || { touch tried; exit 1; }']
env_file = ".env"
secrets.TOKEN = { file = "secret.txt" }
retry = { attempts = 2, backoff = "1ms" }
`,
      files: { 'secret.txt': 'first-value', next: 'second-value', '.env': 'TOKEN=from-file\n' },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(place.lines('seen')).toEqual(['first-value', 'second-value'])
  })

  test.each([
    ['as it is', 'printf %s "$TOKEN"'],
    ['at the end of a megabyte, encoded', 'head -c 1048570 /dev/zero; printf %s "$TOKEN" | base64'],
  ])('that stands in an artifact keeps that out of the store: %s', async (_name, write) => {
    const place = given({
      config: `[jobs.j]\ncommand = ["sh", "-c", '(${write}) > dump; echo fine > ok']\nartifacts = ["ok", "dump"]\nsecrets.TOKEN = { env = "CANARY" }\n`,
      env: { CANARY },
    })
    const { exit, stderr } = await place.run(['run', 'j'])
    expect({ exit, failure: place.events('step.failed')[0]?.body['failure'] }).toEqual({
      exit: 1,
      failure: expect.objectContaining({ code: 'result_unusable', kind: 'artifact', path: 'dump', reason: 'secret' }),
    })
    expect(holdsCanary(stderr)).toBe(false)
    expect(leaksBelow(place.home)).toEqual([])
  })

  test.each([
    ['an artifact', { exit: 1, code: 'result_unusable', kind: 'artifact' }, 'artifacts = ["out/**"]'],
    ['an output', { exit: 1, code: 'result_unusable', kind: 'output' }, 'inputs = []\noutputs = ["out/**"]'],
    ['an input', { exit: 2, code: 'input_unusable' }, 'inputs = ["out/**"]'],
  ])('that stands in the name of %s keeps that out of the log', async (_name, { exit: code, ...failure }, files) => {
    const place = given({
      config: `[jobs.j]\ncommand = ["sh", "-c", 'mkdir -p out; echo fine > "out/$TOKEN"; test -e ok']\n${files}\nsecrets.TOKEN = { env = "CANARY" }\n`,
      env: { CANARY: 'c4nary+Value' },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(1)
    place.write('ok', '')
    const { exit, stderr } = await place.run(['run', 'j'])
    expect({ exit, failure: place.events('step.failed')[1]?.body['failure'] }).toEqual({
      exit: code,
      failure: expect.objectContaining({ ...failure, path: 'out/***', reason: 'secret' }),
    })
    expect(holdsCanary(stderr)).toBe(false)
    expect(leaksBelow(place.home)).toEqual([])
  })

  test('does not keep an artifact without it from being kept', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["sh", "-c", "head -c 3000000 /dev/zero > dump"]\nartifacts = ["dump"]\nsecrets.TOKEN = { env = "CANARY" }\n`,
      env: { CANARY },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    const report = place.events('step.succeeded')[0]?.body['output'] as { artifacts: readonly { bytes: number }[] }
    expect(report.artifacts).toEqual([expect.objectContaining({ bytes: 3_000_000 })])
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('is not committed to: the digest of the environment is that of three stars', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["true"]\nsecrets.TOKEN = { file = "s" }\n`,
      files: { s: 'one-value' },
    })
    await place.run(['run', 'j'])
    const report = place.events('step.succeeded')[0]?.body['output'] as Record<string, { salt: string; digest: string }>
    const { salt = '', digest } = report['environment'] ?? {}
    const environment: Record<string, string> = {
      ...place.environment,
      TOKEN: '***',
      ORCHASTRATION_RUN_ID: place.lastRun(),
      ORCHASTRATION_IDEMPOTENCY_KEY: `${place.lastRun()}/1`,
      ORCHASTRATION_ATTEMPT: '1',
    }
    const sorted = Object.fromEntries(
      Object.keys(environment)
        .sort()
        .map((name) => [name, environment[name]]),
    )
    expect(digest).toBe(new Bun.CryptoHasher('sha256').update(salt + JSON.stringify(sorted)).digest('hex'))
  })

  test.each<readonly [name: string, source: string, says: string]>([
    ['an unset variable', 'env = "UNSET"', 'is missing: the variable UNSET is not set'],
    ['an empty variable', 'env = "EMPTY"', 'is missing: the variable EMPTY gives nothing'],
    ['a value that is too short', 'env = "SHORT"', 'cannot be masked: the variable SHORT gives fewer than 4 bytes'],
  ])('of %s is refused before anything is recorded', async (_name, source, says) => {
    const place = given({
      config: `[jobs.first]\ncommand = ["touch", "ran"]\n[jobs.j]\ncommand = ["touch", "ran"]\nneeds = ["first"]\nsecrets.TOKEN = { ${source} }\n`,
      env: { EMPTY: '', SHORT: 'abc' },
    })
    for (const args of [
      ['run', 'j'],
      ['run', 'j', '--detach'],
      ['run', 'j', '--plan'],
    ]) {
      const { exit, stdout, stderr } = await place.run(args)
      expect({ exit, stdout, stderr }).toEqual({
        exit: 2,
        stdout: '',
        stderr: expect.stringContaining(`the secret "TOKEN" of the job "j" ${says}`),
      })
    }
    expect(place.events()).toEqual([])
    expect(place.has('ran')).toBe(false)
  })

  test.each<readonly [name: string, source: string, says: string]>([
    ['a missing file', 'file = "gone"', 'is missing: the file "gone" cannot be read: it is not there'],
    ['a directory', 'file = "."', 'is missing: the file "." cannot be read: it is a directory, a file is expected'],
    ['an empty file', 'file = "empty"', 'is missing: the file "empty" gives nothing'],
    ['a file with a NUL', 'file = "nul"', 'fits into no variable'],
    ['a large file', 'file = "large"', 'is too large for a variable: the file "large" gives more than 64 KiB'],
    ['a command that fails', 'command = ["sh", "-c", "cat canary; cat canary >&2; exit 7"]', 'ended with exit code 7'],
    ['a command that is killed', 'command = ["sh", "-c", "kill -9 $$"]', 'was ended by SIGKILL'],
    ['a command that says nothing', 'command = ["true"]', 'is missing: the command "true" gives nothing'],
    ['a command that says too much', 'command = ["head", "-c", "70000", "/dev/zero"]', 'is too large for a variable'],
    ['no program', 'command = ["no-such-program"]', 'did not start: it is not there'],
  ])('of %s keeps the command from starting', async (_name, source, says) => {
    const place = given({
      config: `[jobs.j]\ncommand = ["touch", "ran"]\nsecrets.TOKEN = { ${source} }\n`,
      files: { empty: '\n', nul: 'abcd\0efgh', large: 'x'.repeat(65_537), canary: CANARY },
    })
    const { exit, stderr } = await place.run(['run', 'j'])
    expect(exit).toBe(2)
    expect(stderr).toContain('j: the secret "TOKEN" ')
    expect(stderr).toContain(says)
    expect(place.has('ran')).toBe(false)
    expect(holdsCanary(stderr)).toBe(false)
    expect(leaksBelow(place.home)).toEqual([])
    expect(place.events('step.failed')[0]?.body['failure']).toMatchObject({ code: 'secret_unusable', secret: 'TOKEN' })
  })

  test.skipIf(isRoot)('of a file that may not be read keeps the command from starting', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["true"]\nsecrets.T = { file = "s" }\n`, files: { s: CANARY } })
    chmodSync(place.path('s'), 0)
    const { stderr } = await place.run(['run', 'j'])
    expect(stderr).toContain('cannot be read: permission denied')
  })

  test.each<readonly [key: string, job: string, args: readonly string[]]>([
    ['command', 'command = ["echo", "xc4nary-value-9x"]', []],
    ['env.COPY', 'command = ["true"]\nenv = { COPY = "c4nary-value-9" }', []],
    ['description', 'command = ["true"]\ndescription = "uses c4nary-value-9"', []],
    ['params.p', 'command = ["echo", "{{p}}"]\nparams.p = {}', ['--param', 'p=c4nary-value-9']],
    ['arguments', 'command = ["echo"]', ['--', Buffer.from('me:c4nary-value-9').toString('base64')]],
  ])('that stands in %s is refused before anything is recorded', async (key, job, args) => {
    const place = given({
      config: `[jobs.other]\n${job}\n[jobs.j]\n${job}\nsecrets.TOKEN = { env = "CANARY" }\n`,
      env: { CANARY: 'c4nary-value-9' },
    })
    const { exit, stderr } = await place.run(['run', 'j', ...args])
    expect(exit).toBe(2)
    expect(stderr).toContain(`the value of the secret "TOKEN" stands in "${key}" of the job "j"\n`)
    expect(stderr).not.toContain('c4nary-value-9')
    expect(place.events()).toEqual([])
  })

  test('that another job of the run would give away is refused, too', async () => {
    const place = given({
      config: `[jobs.gives]\ncommand = ["echo", "c4nary-value-9"]\n[jobs.j]\ncommand = ["true"]\nneeds = ["gives"]\nsecrets.TOKEN = { env = "CANARY" }\n`,
      env: { CANARY: 'c4nary-value-9' },
    })
    const { exit, stderr } = await place.run(['run', 'j'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('"command" of the job "gives"') })
    expect(place.events()).toEqual([])
  })

  test('that a command gives and the configuration holds as well keeps the job from starting, and says so', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["touch", "ran"]\nsecrets.TOKEN = { command = ["echo", "c4nary-value-9"] }\n`,
    })
    const { exit, stderr } = await place.run(['run', 'j'])
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringContaining('"secrets.TOKEN.command" of the job "j"'),
    })
    expect(stderr).toContain('change the secret')
    expect(place.has('ran')).toBe(false)
  })
})

describe.skipIf(onWindows)('the output of a job with secrets', () => {
  const config = (script: string, more = '') =>
    `[jobs.j]\ncommand = ["sh", "-c", '''${script}''']\nsecrets.TOKEN = { env = "CANARY" }\n${more}`

  test('can be opened by its names, as without secrets', async () => {
    const place = given({
      config: config('echo out > /dev/stdout; echo err > /dev/stderr; echo a >> /dev/stdout; [ -t 1 ] || echo file'),
      env: { CANARY },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('out\na\nfile\n')
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stderr'])).stdout).toBe('err\n')
  })

  test('is masked also where no program makes a pipe with a name', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["/bin/bash", "-c", 'echo "$TOKEN"; echo "$TOKEN" >&2; /bin/sleep 300 & echo $! > pid']\nsecrets.TOKEN = { env = "CANARY" }\n`,
      env: { CANARY, PATH: '/nonexistent' },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('***\n')
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stderr'])).stdout).toBe('***\n')
    process.kill(Number(place.read('pid')), 'SIGKILL')
  })

  test('is whole where it is large, and the memory for it is not', async () => {
    const place = given({ config: config('head -c 268435456 /dev/zero; printf "%s" "$TOKEN"'), env: { CANARY } })
    const started = place.start(['run', 'j'])
    expect((await started.ended).exit).toBe(0)
    const output = place.events('step.succeeded')[0]?.body['output'] as Record<string, { bytes: number }>
    expect(output['stdout']?.bytes).toBe(268_435_456 + 3)
    if (onLinux) expect(started.peakMemory).toBeLessThan(250 * 1024 * 1024)
  })

  test('ends with the command: what it leaves in the background is not waited for', async () => {
    const place = given({ config: config('sleep 300 & echo $! > pid; echo "$TOKEN"'), env: { CANARY } })
    const before = performance.now()
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(performance.now() - before).toBeLessThan(20_000)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('***\n')
    process.kill(Number(place.read('pid')), 'SIGKILL')
    await until(() => spawnSync('pgrep', ['-f', place.mark]).status !== 0, 'nothing is left')
  })

  test('of somebody in the background who floods it is cut, too', async () => {
    const place = given({ config: config('yes > /dev/stdout & echo $! > pid; sleep 0.2; exit 0'), env: { CANARY } })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
  })

  test('is masked up to the end at a timeout, and the tree is ended', async () => {
    const place = given({
      config: config('printf "%s" "$TOKEN"; printf c4nary+Val; sleep 300 & sleep 300', 'timeout_seconds = 1\n'),
      env: { CANARY },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(124)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('***c4nary+Val')
  })

  test('is followed while the job runs', async () => {
    const place = given({
      config: config('echo "$TOKEN here"; touch ready; while [ ! -e go ]; do sleep 0.05; done'),
      env: { CANARY },
    })
    const run = place.start(['run', 'j'])
    await until(() => place.has('ready'), 'the job runs')
    const logs = place.start(['runs', 'logs', '-f', place.lastRun()])
    await until(() => logs.stdout.includes('*** here'), 'the output is followed')
    place.write('go', '')
    await run.ended
    expect(holdsCanary((await logs.ended).stdout)).toBe(false)
  })

  test('after our own death is masked as far as it came, and the tree is ended before the run goes on', async () => {
    const place = given({
      config: config(
        'echo "$TOKEN"; echo started >> starts; [ -e go ] || { touch ready; sleep 300; }',
        'idempotent = true\n',
      ),
      env: { CANARY },
    })
    const run = place.start(['run', 'j'])
    await until(() => place.has('ready'), 'the job runs')
    await run.crash()
    place.write('go', '')
    expect(leaksBelow(place.home)).toEqual([])
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    expect(place.lines('starts')).toEqual(['started', 'started'])
    expect(leaksBelow(place.home)).toEqual([])
    // No pipe of a dead process is left.
    const running = join(place.store, 'running')
    const left = readdirSync(running, { recursive: true }).map((name) => join(running, String(name)))
    expect(left.filter((path) => statSync(path).isFIFO())).toEqual([])
  })

  test('does not outlive a cancelled command that gives a secret', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["touch", "ran"]\nsecrets.TOKEN = { command = ["sh", "-c", "touch asked; sleep 300"] }\n`,
    })
    const run = place.start(['run', 'j'])
    await until(() => place.has('asked'), 'the source is asked')
    run.signal('SIGINT')
    expect((await run.ended).exit).toBe(130)
    expect(place.has('ran')).toBe(false)
  })
})
