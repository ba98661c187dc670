import { describe, expect, test } from 'vitest'
import type { OperationName } from '#app/operations.ts'
import { commands } from '#surfaces/cli/command-table.ts'
import { type DocumentSpec, documents } from '#surfaces/cli/documents.ts'
import type { pages } from '#surfaces/cli/pages.ts'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const CONFIG = `[jobs.hello]
description = "says hello"
command = ["sh", "-c", "echo out; echo err >&2"]
[jobs.bad]
command = ["sh", "-c", "exit 7"]
[jobs.top]
command = ["true"]
needs = ["bad"]
[jobs.ask]
command = ["true"]
confirm = "Go on?"
[jobs.keep]
command = ["sh", "-c", "echo kept > kept.txt"]
artifacts = ["kept.txt", "none/*"]
[agents.Person]
backend = "human"
[orchestrations.asked]
agents = ["Person"]
[agents.Maker]
backend = "scripted"
tools = ["write"]
output = "files"
writes = ["made"]
[orchestrations.made]
agents = ["Maker"]
[jobs.flaky]
command = ["sh", "-c", "test -e made || { touch made; exit 1; }"]
retry = { attempts = 2, backoff = "1ms" }
`

const PROJECT = {
  'orchastration.toml':
    '[jobs.p]\ncommand = ["./p.sh"]\nenv_file = "../e"\n[orchestrations.o]\nagents = ["DocAgent"]\n',
  'p.sh': '',
}

const TASKS = (work: string) => `[tasks.t]
repo = "external"
working_dir = "${work}"
command = ["sh", "-c", "echo x > out.txt"]
outputs = ["out.txt"]
[tasks.empty]
repo = "external"
working_dir = "${work}"
command = ["true"]
outputs = ["none.txt"]
`

const MAKING = {
  'made.json': JSON.stringify({
    replies: [
      { agent: 'Maker', tools: [{ tool: 'write', args: { path: 'made.txt', text: 'made' } }] },
      { agent: 'Maker', text: 'made' },
    ],
  }),
}

interface Case {
  readonly files?: Readonly<Record<string, string>>
  /** Commands that come first. */
  readonly after?: readonly (readonly string[])[]
  readonly argv: readonly string[]
  /** The name of the document; that of the command, if nothing is said. */
  readonly gives?: keyof typeof documents
}

type Command = OperationName | keyof typeof pages | 'help'

/** What every command answers, in each way in which it can. The compiler leaves no command out. */
const CASES: Readonly<Record<Command, readonly Case[]>> = {
  run: [
    { argv: ['run', 'hello'] },
    { argv: ['run', 'top'] },
    { argv: ['run', 'ask'] },
    { argv: ['run', 'flaky', 'bad', '--keep-going'] },
    { argv: ['run', 'nope'], gives: 'failure' },
    { argv: ['run', 'top', '--dry-run'], gives: 'plan' },
    { argv: ['run', 'hello', '--plan'], gives: 'plan' },
  ],
  init: [{ argv: ['init'] }, { argv: ['init', '--print'] }, { after: [['init']], argv: ['init'], gives: 'failure' }],
  list: [{ argv: ['list'] }],
  show: [{ argv: ['show', 'flaky'] }, { after: [['run', 'hello']], argv: ['show', 'hello'] }],
  'plan list': [{ argv: ['plan', 'list'] }],
  'plan create': [{ argv: ['plan', 'create', 't'], gives: 'task' }],
  'plan status': [
    { after: [['plan', 'create', 't']], argv: ['plan', 'status', 't'] },
    { argv: ['plan', 'status', 't'], gives: 'failure' },
  ],
  'build run': [
    { argv: ['build', 'run', 't'], gives: 'task' },
    { argv: ['build', 'run', 'empty'], gives: 'task' },
    { argv: ['build', 'run', 'nope'], gives: 'failure' },
  ],
  'review run': [
    { after: [['build', 'run', 't']], argv: ['review', 'run', 't'], gives: 'task' },
    { argv: ['review', 'run', 'empty'], gives: 'task' },
  ],
  'doc generate': [{ argv: ['doc', 'generate', 't'], gives: 'task' }],
  'git issue create': [{ argv: ['git', 'issue', 'create', 't'], gives: 'task' }],
  'git branch create': [{ argv: ['git', 'branch', 'create', 't'], gives: 'task' }],
  status: [
    { argv: ['status'] },
    {
      after: [
        ['run', 'bad'],
        ['run', 'ask'],
      ],
      argv: ['status'],
    },
  ],
  why: [
    { argv: ['why', 'hello'] },
    { after: [['run', 'top']], argv: ['why', 'top'] },
    { after: [['run', 'ask']], argv: ['why', 'ask'] },
    { after: [['run', 'hello']], argv: ['why', 'hello', '--at', '2d ago'] },
    { argv: ['why', 'nope'], gives: 'failure' },
  ],
  answer: [
    { after: [['run', 'ask']], argv: ['answer', '1', 'no'] },
    { after: [['run', 'ask']], argv: ['answer', '1', 'perhaps'], gives: 'failure' },
  ],
  work: [{ argv: ['work', '--once'] }],
  'runs list': [{ argv: ['runs', 'list'] }, { after: [['run', 'hello']], argv: ['runs', 'list'] }],
  'runs show': [
    { after: [['run', 'top']], argv: ['runs', 'show', 'top'] },
    { after: [['run', 'ask']], argv: ['runs', 'show', 'ask'] },
    { after: [['orchestration', 'run', '--goal', 'be bad']], argv: ['runs', 'show', 'default'] },
    {
      after: [
        ['run', 'hello'],
        ['runs', 'prune', 'hello', '--yes'],
      ],
      argv: ['runs', 'show', 'hello'],
    },
    { argv: ['runs', 'show', 'x'], gives: 'failure' },
  ],
  'runs logs': [{ after: [['run', 'hello']], argv: ['runs', 'logs', 'hello'] }],
  'runs artifacts': [{ after: [['run', 'keep']], argv: ['runs', 'artifacts', 'keep'] }],
  'runs events': [{ after: [['run', 'flaky']], argv: ['runs', 'events', 'flaky'] }],
  'runs resume': [{ after: [['run', 'ask']], argv: ['runs', 'resume', 'ask'], gives: 'run' }],
  'orchestration list': [{ argv: ['orchestration', 'list'] }],
  'orchestration show': [
    { argv: ['orchestration', 'show'] },
    { argv: ['orchestration', 'show', 'nope'], gives: 'failure' },
  ],
  'orchestration explain': [
    { argv: ['orchestration', 'explain'] },
    { argv: ['orchestration', 'explain', '--flow', 'standard'] },
    { argv: ['orchestration', 'explain', 'nope'], gives: 'failure' },
  ],
  'orchestration run': [
    { argv: ['orchestration', 'run', '--goal', 'say hello'] },
    { argv: ['orchestration', 'run', '--goal', 'be bad'] },
    { argv: ['orchestration', 'run', '--goal', 'sing'], gives: 'failure' },
  ],
  'agent show': [
    { argv: ['agent', 'show', 'ReviewerAgent'] },
    { argv: ['agent', 'show', 'Reviewr'], gives: 'failure' },
  ],
  inbox: [{ argv: ['inbox'] }, { after: [['run', 'ask']], argv: ['inbox'] }],
  'agent list': [{ argv: ['agent', 'list'] }],
  'runs retry': [
    { after: [['run', 'top']], argv: ['runs', 'retry', 'top'], gives: 'run' },
    { after: [['run', 'hello']], argv: ['runs', 'retry', 'hello'], gives: 'failure' },
  ],
  'runs undo': [
    {
      files: MAKING,
      after: [['orchestration', 'run', 'made', '--script', 'made.json']],
      argv: ['runs', 'undo', 'made'],
    },
    {
      files: MAKING,
      after: [['orchestration', 'run', 'made', '--script', 'made.json']],
      argv: ['runs', 'undo', 'made', '--dry-run'],
    },
    { after: [['run', 'hello']], argv: ['runs', 'undo', 'hello'], gives: 'failure' },
  ],
  'runs replay': [
    { after: [['run', 'flaky']], argv: ['runs', 'replay', 'flaky'] },
    { after: [['run', 'ask']], argv: ['runs', 'replay', 'ask'] },
    { argv: ['runs', 'replay', 'x'], gives: 'failure' },
  ],
  'runs fork': [
    { after: [['orchestration', 'run', 'asked']], argv: ['runs', 'fork', 'asked', '--from', 'person'] },
    { after: [['run', 'hello']], argv: ['runs', 'fork', 'hello', '--from', 'x'], gives: 'failure' },
  ],
  'runs diff': [
    {
      after: [
        ['run', 'top'],
        ['runs', 'retry', 'top'],
      ],
      argv: ['runs', 'diff', 'bad', 'top'],
    },
  ],
  'runs wait': [
    { after: [['run', 'bad']], argv: ['runs', 'wait', 'bad'] },
    { after: [['run', 'ask']], argv: ['runs', 'wait', 'ask', '--no-questions'] },
  ],
  'runs cancel': [{ after: [['run', 'ask']], argv: ['runs', 'cancel', 'ask'] }],
  'runs steer': [
    { after: [['orchestration', 'run', 'asked']], argv: ['runs', 'steer', 'asked', 'disable', 'Person'] },
    { after: [['run', 'hello']], argv: ['runs', 'steer', 'hello', 'pause'], gives: 'failure' },
  ],
  'runs prune': [
    { after: [['run', 'hello']], argv: ['runs', 'prune', 'hello', '--yes'] },
    { after: [['run', 'hello']], argv: ['runs', 'prune', '--keep', '0', '--dry-run'] },
    { after: [['run', 'hello']], argv: ['runs', 'prune', 'hello'], gives: 'failure' },
  ],
  'runs export': [{ after: [['run', 'hello']], argv: ['runs', 'export', '--all', '--output', 'all.jsonl'] }],
  hash: [
    { argv: ['hash', '.'] },
    { argv: ['hash', 'none', '--algo', 'XXH64', '--manifest', 'SUMS'] },
    { after: [['hash', '../home/.config', '--manifest', 'SUMS']], argv: ['hash', '--check', 'SUMS'] },
    { argv: ['hash', '--check', '../home/.config/orchastration/config.toml'], gives: 'failure' },
    { argv: ['hash', '--file', 'a', '--algo', 'md5'], gives: 'failure' },
  ],
  verify: [
    { argv: ['verify'], gives: 'failure' },
    { after: [['run', 'hello']], argv: ['verify'] },
    { after: [['run', 'ask']], argv: ['verify', '--outputs'] },
    {
      after: [
        ['run', 'hello'],
        ['runs', 'prune', 'hello', '--yes'],
      ],
      argv: ['verify'],
    },
  ],
  doctor: [{ argv: ['doctor'] }, { after: [['run', 'hello']], argv: ['doctor', '--repair'] }],
  backup: [{ after: [['run', 'hello']], argv: ['backup', 'copy'] }],
  rebuild: [{ after: [['run', 'hello']], argv: ['rebuild'] }],
  'config path': [{ argv: ['config', 'path'] }],
  'config show': [{ argv: ['config', 'show'] }, { argv: ['config', 'show', '--origin'] }],
  'config validate': [{ argv: ['config', 'validate'] }, { argv: ['config', 'validate', '/dev/null', '/nowhere'] }],
  trust: [
    { argv: ['trust'], gives: 'failure' },
    { files: PROJECT, argv: ['trust'], gives: 'failure' },
    { files: PROJECT, argv: ['trust', '--yes'] },
    { files: PROJECT, after: [['trust', '--yes']], argv: ['trust', '--list'] },
    { files: PROJECT, after: [['trust', '--yes']], argv: ['trust', '--revoke'] },
  ],
  'config schema': [{ argv: ['config', 'schema'] }],
  'config example': [{ argv: ['config', 'example'] }],
  completions: [{ argv: ['completions', 'zsh'] }, { argv: ['completions', 'tcsh'], gives: 'failure' }],
  complete: [{ argv: ['complete', '--', 'run', ''] }, { argv: ['complete', '--', '--config', ''] }],
  schema: [{ argv: ['schema'] }, { argv: ['schema', 'run'] }, { argv: ['schema', 'rnu'], gives: 'failure' }],
  man: [{ argv: ['man'] }],
  help: [{ argv: ['help'] }, { argv: ['help', 'runs'] }, { argv: ['list', '--help'] }],
}

const ALL = Object.entries(CASES).flatMap(([command, cases]) => cases.map((each) => ({ command, each })))

describe.skipIf(onWindows)('with --json', () => {
  test.each(ALL)(
    '$command answers as docs/json.md says: $each.argv',
    async ({ command, each: { files, after, argv, gives } }) => {
      const place = given({ ...(files !== undefined && { files }) })
      place.configure(`${CONFIG}${TASKS(place.directory)}`)
      for (const before of after ?? []) await place.run(before)
      const lines = await answered(place, argv)
      const name = gives ?? command.replaceAll(' ', '-')
      await expectAll(name, lines)
      await place.run(['runs', 'cancel', 'ask'])
      await place.run(['runs', 'cancel', 'asked'])
    },
  )

  test('the version is a document, too', async () => {
    await expectAll('version', await answered(given(), ['--version']))
  })

  test('a mistake on the command line is a document, too', async () => {
    await expectAll('failure', await answered(given(), ['rnu']))
  })

  test('the lines of an export are what they are without it', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'hello'])
    const [plain, json] = [
      await place.run(['runs', 'export', '--all']),
      await place.run(['runs', 'export', '--all', '--json']),
    ]
    expect(json).toEqual(plain)
  })

  test('work tells of each run on a line of its own', async () => {
    const place = given({
      config: CONFIG.replace('"Go on?"', '{ question = "?", timeout = "1ms", otherwise = "yes" }'),
    })
    await place.run(['run', 'ask', '--detach'])
    await place.run(['run', 'ask', '--detach'])
    await place.settled()
    await expectAll('work', await answered(place, ['work', '--once']))
  })
})

describe.skipIf(onWindows)('schema', () => {
  test('lists every document, and prints a JSON Schema of each', async () => {
    const place = given()
    const { stdout } = await place.run(['schema'])
    expect(stdout.split('\n').slice(0, -1)).toEqual(Object.keys(documents))
    for (const name of Object.keys(documents)) {
      const schema = JSON.parse((await place.run(['schema', name])).stdout)
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: `orchastration.${name}/1`,
        required: expect.arrayContaining(['schema']),
      })
    }
  })

  test('names the nearest of the documents', async () => {
    const { exit, stderr } = await given().run(['schema', 'runs-lst'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('did you mean "runs-list"?') })
  })
})

test('every command of the table has a document', () => {
  const known = Object.values(documents).flatMap(({ commands: names }) => [...names])
  expect(commands.map(({ name }) => name).filter((name) => !known.some((each) => each === name))).toEqual([])
})

/** All that was answered, parsed. Nothing else may be said. */
async function answered(place: TestPlace, argv: readonly string[]): Promise<readonly unknown[]> {
  const [first = [], ...rest] = argv
    .join('\0')
    .split('\0--\0')
    .map((part) => part.split('\0'))
  const { stdout, stderr } = await place.run([...first, '--json', ...rest.flatMap((part) => ['--', ...part])])
  expect(stderr).toBe('')
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

/** Each is of this document, with no field that it does not name; and they are as many as it says. */
async function expectAll(name: string, found: readonly unknown[]): Promise<void> {
  const spec: DocumentSpec | undefined = new Map<string, DocumentSpec>(Object.entries(documents)).get(name)
  if (spec === undefined) throw new Error(`no document is called ${name}`)
  const schema = await spec.load()
  if (spec.lines !== true) expect(found).toHaveLength(1)
  // Parsing leaves out what the schema does not name.
  for (const each of found) expect(schema.parse(each)).toEqual(each)
}
