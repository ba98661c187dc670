import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { checkConfig } from '#adapters/files/config-findings.ts'
import { parseToml } from '#adapters/files/config-syntax.ts'
import { readConfig } from '#adapters/files/read-config.ts'
import { describeFailure } from '#app/failure-text.ts'

const directory = mkdtempSync(join(tmpdir(), 'orchastration-keys-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe("the ancestor's keys are read", () => {
  const task = (line: string) => `[tasks.t]\nrepo = "external"\nworking_dir = "/w"\ncommand = ["x"]\n${line}`
  const given: readonly (readonly [key: string, text: string, read: unknown])[] = [
    ['logging.level', '[logging]\nlevel = "debug"', { logging: { level: 'debug' } }],
    ['logging.level in capitals', '[logging]\nlevel = "ERROR"', { logging: { level: 'error' } }],
    ['logging.level "warning"', '[logging]\nlevel = "Warning"', { logging: { level: 'warn' } }],
    ['hash.algorithm', '[hash]\nalgorithm = "SHA512"', { hash: { algorithm: 'sha512' } }],
    ['jobs.*.command', '[jobs.j]\ncommand = ["x", "y z"]', { jobs: { j: { command: ['x', 'y z'] } } }],
    ['jobs.*.description', '[jobs.j]\ncommand = ["x"]\ndescription = "d"', { jobs: { j: { description: 'd' } } }],
    ['jobs.*.working_dir', '[jobs.j]\ncommand = ["x"]\nworking_dir = "../w"', { jobs: { j: { working_dir: '../w' } } }],
    [
      'jobs.*.timeout_seconds',
      '[jobs.j]\ncommand = ["x"]\ntimeout_seconds = 5',
      { jobs: { j: { timeout_seconds: 5 } } },
    ],
    ['no limit below 0', '[jobs.j]\ncommand = ["x"]\ntimeout_seconds = -1', { jobs: { j: { timeout_seconds: -1 } } }],
    ['jobs.*.env', '[jobs.j]\ncommand = ["x"]\n[jobs.j.env]\nA = "1"', { jobs: { j: { env: { A: '1' } } } }],
    ['tasks.*.description', task('description = "d"'), { tasks: { t: { description: 'd' } } }],
    ['tasks.*.repo', task(''), { tasks: { t: { repo: 'external' } } }],
    ['tasks.*.working_dir', task(''), { tasks: { t: { working_dir: '/w' } } }],
    ['tasks.*.command', task(''), { tasks: { t: { command: ['x'] } } }],
    ['tasks.*.outputs', task('outputs = ["a", "/b"]'), { tasks: { t: { outputs: ['a', '/b'] } } }],
    ['tasks.*.documents', task('documents = ["a"]'), { tasks: { t: { documents: ['a'] } } }],
    ['tasks.*.status', task('status = "in_progress"'), { tasks: { t: { status: 'in_progress' } } }],
    ['agents.*', '[agents.Mine]', { agents: { Mine: {} } }],
    [
      'orchestrations.*.description and agents',
      '[orchestrations.o]\ndescription = "d"\nagents = ["PlannerAgent", "DocAgent"]',
      { orchestrations: { o: { description: 'd', agents: ['PlannerAgent', 'DocAgent'] } } },
    ],
    [
      'orchestrations.*.steps, beside agents',
      '[orchestrations.o]\nagents = []\nsteps = [["PlannerAgent"], ["BuilderAgent", "Mine"]]\n[agents.Mine]',
      { orchestrations: { o: { steps: [['PlannerAgent'], ['BuilderAgent', 'Mine']] } } },
    ],
    [
      'a job and a task of one name, as it allows them',
      `${task('')}\n[jobs.t]\ncommand = ["x"]`,
      { tasks: { t: {} }, jobs: { t: {} } },
    ],
  ]
  test.each(given)('%s', async (_key, text, read) => {
    expect(await readText(text)).toMatchObject({ ok: true, value: read })
  })
})

describe('a mistake between keys, or in a table of free keys, is told with what would do', () => {
  const job = (lines: string) => `[jobs.j]\ncommand = ["x"]\n${lines}`
  const orchestration = (line: string) => `[orchestrations.o]\n${line}`
  const cases: readonly (readonly [mistake: string, text: string, told: string | readonly string[]])[] = [
    [
      'an orchestration of nobody',
      orchestration(''),
      '1:2 "agents" is missing in [orchestrations.o]; a list of agents, or "steps" or "nodes", is expected',
    ],
    [
      'empty lists of agents and steps',
      orchestration('agents = []\nsteps = []'),
      '3:9 at least one agent is expected, this is an empty list',
    ],
    [
      'an empty group',
      orchestration('steps = [["DocAgent"], []]'),
      '2:24 at least one agent is expected, this is an empty list',
    ],
    [
      'nothing but an empty group',
      orchestration('steps = [[]]'),
      '2:10 at least one agent is expected, this is an empty list',
    ],
    [
      'agents that nobody knows, in both lists',
      `${orchestration('agents = ["Mien"]\nsteps = [["BuildrAgent"]]')}\n[agents.Mine]`,
      [
        '2:11 one of PlannerAgent, BuilderAgent, ReviewerAgent, DocAgent, ArchitectAgent, CoderAgent, ResearcherAgent, or a name in [agents], is expected, this is "Mien"; did you mean "Mine"?',
        '3:11 one of PlannerAgent, BuilderAgent, ReviewerAgent, DocAgent, ArchitectAgent, CoderAgent, ResearcherAgent, or a name in [agents], is expected, this is "BuildrAgent"; did you mean "BuilderAgent"?',
      ],
    ],
    ['a group that is none', orchestration('steps = ["DocAgent"]'), '2:10 a list is expected, this is text'],
    [
      'a key of an agent',
      '[agents.Mine]\nmodel = "x"',
      '2:1 unknown key in [agents.Mine]; known here: description, file, capabilities, backend, instructions, tools, calls, output, limits, command, working_dir, timeout_seconds, variables, reads, writes',
    ],
    [
      'a task without anything',
      '[tasks.t]',
      [
        '1:2 "repo" is missing in [tasks.t]; one of "orchastration", "external" is expected',
        '1:2 "working_dir" is missing in [tasks.t]; text is expected',
        '1:2 "command" is missing in [tasks.t]; a list such as ["npm", "test"] is expected',
      ],
    ],
    [
      'a relative task directory',
      '[tasks.t]\nrepo = "external"\ncommand = ["x"]\nworking_dir = "w"',
      '4:15 an absolute path is expected, this is "w"',
    ],
    [
      'another repository',
      '[tasks.t]\nrepo = "extern"\ncommand = ["x"]\nworking_dir = "/w"',
      '2:8 one of "orchastration", "external" is expected, this is "extern"; did you mean "external"?',
    ],
    [
      'names of tasks',
      '[tasks."../x"]\nrepo = "external"\ncommand = ["x"]\nworking_dir = "/w"',
      '1:8 "../x" is no name; expected is 1 to 64 letters, digits, "_", "-" or ".", with a letter, a digit or "_" first and no "." last',
    ],
    [
      'names in letter case only',
      '[agents.Mine]\n[agents.mine]',
      '2:9 differs from "Mine" in letter case only, and names become file names',
    ],
    [
      'a key that would be lost',
      'agents.__proto__ = {}',
      '1:8 "__proto__" is no name; expected is another name than __proto__',
    ],
    [
      'a secret that would be lost',
      job('secrets.__proto__ = { env = "X" }'),
      '3:9 "__proto__" is no name; expected is another name than __proto__',
    ],
    [
      'a secret as text',
      job('secrets.S = "x"'),
      '3:13 a table with one of "env", "file" and "command" is expected, this is text',
    ],
    [
      'a secret of two sources',
      job('secrets.S = { env = "X", file = "f" }'),
      '3:13 exactly one of "env", "file" and "command" is expected, this is a table with "env", "file"',
    ],
    [
      'a secret of none',
      job('secrets.S = {}'),
      '3:13 exactly one of "env", "file" and "command" is expected, this is an empty table',
    ],
    [
      'a mistyped source, told once',
      job('secrets.S = { fiel = "x" }'),
      '3:15 unknown key in [jobs.j.secrets.S]; did you mean "file"?',
    ],
    [
      'a command of a secret as text',
      job('secrets.S = { command = "pass x" }'),
      '3:25 a list such as ["npm", "test"] is expected, this is text',
    ],
    [
      'a parameter as text',
      job('params.p = "x"'),
      '3:12 a table such as { type = "integer", default = 1 } is expected, this is text',
    ],
    [
      'a parameter name',
      job('params."a b" = {}'),
      '3:8 a letter or "_", then letters, digits, "_" or "-", 64 at most is expected, this is "a b"',
    ],
    [
      'a pattern that is none',
      job('params.p = { pattern = "(" }'),
      '3:24 a regular expression is expected, this is "("',
    ],
    [
      'a choice of another type',
      job('params.p = { type = "integer", enum = [1, "two"] }'),
      '3:43 a value of type integer, as the parameter is, is expected, this is "two"',
    ],
    [
      'a choice that the pattern refuses',
      job('params.p = { pattern = "[a-z]+", enum = ["a", "B"] }'),
      '3:47 text that matches "[a-z]+" is expected, this is "B"',
    ],
    [
      'a default that is no choice',
      job('params.p = { enum = ["fast", "slow"], default = "fats" }'),
      '3:49 one of "fast", "slow", as "enum" says, is expected, this is "fats"; did you mean "fast"?',
    ],
    [
      'two parameters of one variable',
      job('params = { a-b = {}, A_B = {} }'),
      '3:22 another name, since "a-b" in "params" sets PARAM_A_B already, is expected, this is "A_B"',
    ],
    [
      'a secret that env sets',
      job('env.T = "x"\nsecrets.T = { env = "U" }'),
      '4:9 another name, since "T" in "env" sets T already, is expected, this is "T"',
    ],
    [
      'a shell that is a number',
      job('shell = 1'),
      [
        '2:11 one text for the shell that "shell" names is expected, this is a list',
        '3:9 true, or the name of a shell is expected, this is a number',
      ],
    ],
    [
      'a job as text',
      'jobs.j = "npm test"',
      '1:10 a table such as { command = ["npm", "test"] } is expected, this is text',
    ],
    [
      'env as a list',
      job('env = ["A=1"]'),
      '3:7 a table of variables such as { CI = "1" } is expected, this is a list',
    ],
    [
      'an input as text',
      job('inputs = "src"'),
      '3:10 a list of paths such as ["src/**/*.ts"] is expected, this is text',
    ],
    [
      'a duration without a unit',
      '[retention]\nolder_than = "30"',
      '2:14 a duration such as "30s" or "1h30m" is expected, this is "30"',
    ],
    [
      'mistakes between keys, told also where another job cannot be read',
      `[jobs.k]\ncommand = 1\n${job('params.p = { enum = ["a"], default = "b" }')}`,
      [
        '2:11 a list such as ["npm", "test"] is expected, this is a number',
        '5:38 one of "a", as "enum" says, is expected, this is "b"; did you mean "a"?',
      ],
    ],
  ]
  test.each(cases)('%s', async (_mistake, text, told) => {
    expect(await mistakesIn(text)).toEqual([told].flat())
  })
})

test('two variables that differ in letter case only are one on Windows, and two elsewhere', () => {
  const { value } = parseToml('[jobs.j]\ncommand = ["x"]\nenv = { Path = "1", PATH = "2" }') as { value: unknown }
  expect(checkConfig(value, { platform: 'linux' }).ok).toBe(true)
  expect(checkConfig(value, { platform: 'win32' })).toMatchObject({
    ok: false,
    findings: [{ path: ['jobs', 'j', 'env', 'PATH'] }],
  })
})

async function readText(text: string) {
  const path = join(directory, 'config.toml')
  writeFileSync(path, text)
  return await readConfig(path, Buffer.from(text))
}

/** Each mistake as `line:column text`. */
async function mistakesIn(text: string): Promise<readonly string[]> {
  const read = await readText(text)
  if (read.ok || read.error.code !== 'config_invalid') throw new Error('the configuration is valid')
  const { detail } = describeFailure(read.error)
  return read.error.problems.map(({ line, column }, index) => {
    const caret = detail[index * 4 + 3] ?? ''
    return `${line}:${column} ${caret.replace(/^ +\| +\^+ /, '')}`
  })
}
