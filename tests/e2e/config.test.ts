import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { fromJSONSchema } from 'zod'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const shipped = (path: string) => readFileSync(fileURLToPath(new URL(`../../configs/${path}`, import.meta.url)), 'utf8')

describe('config example', () => {
  test('prints the example of the repository', async () => {
    await given().gives(['config', 'example'], { stdout: shipped('config.example.toml'), exit: 0 })
  })

  test('prints what works as it is, with every example that the ancestor has', async () => {
    const place = given()
    const { stdout } = await place.run(['config', 'example'])
    place.configure(stdout)
    expect(stdout).toMatch(
      /\[tasks\.sample_task\][\s\S]*\[orchestrations\.hello_multi_agent\][\s\S]*\[orchestrations\.parallel_example\]/,
    )
    const ran = await place.run(['run', 'sample', 'greet', '--param', 'name=Ada'])
    expect(ran).toMatchObject({ stdout: expect.stringMatching(/^job=sample exit=0 .*\njob=greet exit=0 /), exit: 0 })
    expect(ran.stderr).toContain('Hello, Ada')
  })
})

describe('config path', () => {
  test('says which file counts, and whether it is there', async () => {
    const place = given()
    await place.gives(['config', 'path'], {
      stdout: 'yours    ~/.config/orchastration/config.toml - not there\n',
      exit: 0,
    })
    place.configure('[jobs.a]\ncommand = 1')
    await place.gives(['config', 'path'], { stdout: 'yours    ~/.config/orchastration/config.toml\n', exit: 0 })
    place.write('my file.toml', '')
    await place.gives(['config', 'path', '--config', 'my file.toml'], {
      stdout: 'named    <work>/my file.toml\n',
      exit: 0,
    })
  })
})

describe('config show', () => {
  test('prints the configuration as one file would have it, and that reads the same', async () => {
    const text = shipped('config.example.toml')
    const place = given({ config: text })
    const { stdout } = await place.run(['config', 'show'])
    place.configure(stdout)
    const again = await place.run(['config', 'show'])
    expect(again.stdout).toBe(stdout)
    expect(parse(stdout)).toEqual(parse(text))
  })

  test('says where each key was set', async () => {
    const text = '# mine\n[logging]\nlevel = "WARNING"\n\n[agents."a.b"]\n[jobs.x]\nenv.A = "1"\ncommand = ["x"]'
    const place = given({ config: text })
    await place.gives(['config', 'show', '--origin'], {
      stdout: `[logging]
level = "warn"  # ~/.config/orchastration/config.toml:3

[jobs.x]
command = ["x"]  # ~/.config/orchastration/config.toml:8
env = { A = "1" }  # ~/.config/orchastration/config.toml:7

[agents."a.b"]  # ~/.config/orchastration/config.toml:5
`,
      exit: 0,
    })
    const { origins } = await place.json(['config', 'show', '--origin'])
    expect(origins).toContainEqual({ key: 'jobs.x.env', path: place.configFile, line: 7 })
    expect(origins).toContainEqual({ key: 'agents."a.b"', path: place.configFile, line: 5 })
  })

  test('of nothing says so', async () => {
    await given().gives(['config', 'show'], { stderr: 'nothing is configured: orchastration config path\n', exit: 0 })
  })
})

describe('config validate', () => {
  test('tells a list of agents that is empty from one that is missing', async () => {
    const text = '[orchestrations.a]\nagents = []\n[orchestrations.b]\nsteps = []\n[orchestrations.c]\n'
    const { stderr } = await given({ config: text }).run(['config', 'validate'])
    expect(stderr).toContain(
      '2 | agents = []\n    |          ^^ at least one agent is expected, this is an empty list\n',
    )
    expect(stderr).toContain('4 | steps = []\n    |         ^^ at least one agent is expected, this is an empty list\n')
    expect(stderr).toContain('"agents" is missing in [orchestrations.c]')
  })

  test('looks into the files of agents, too, beside the project that names them', async () => {
    const place = given({ files: { 'orchastration.toml': '[agents.A]\nfile = "roles/a.md"\n' } })
    const missing = await place.run(['config', 'validate'])
    expect([missing.exit, missing.stderr]).toEqual([2, expect.stringContaining('roles/a.md')])
    place.write('roles/a.md', '---\ntools: [reed]\n---\nLook.\n')
    const wrong = await place.run(['config', 'validate', 'orchastration.toml'])
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining('tools[0] must be one of "read"')])
    place.write('roles/a.md', '---\ntools: [read]\n---\nLook.\n')
    expect((await place.run(['config', 'validate'])).exit).toBe(0)
  })

  test('checks the files that count here, and runs nothing', async () => {
    const place = given({ config: '[jobs.a]\ncommand = ["touch", "ran"]' })
    await place.gives(['config', 'validate'], { stdout: '~/.config/orchastration/config.toml is valid\n', exit: 0 })
    await given().gives(['config', 'validate'], {
      stderr: 'no configuration file is here: orchastration config path\n',
      exit: 0,
    })
    expect(place.has('ran')).toBe(false)
  })

  test('tells all mistakes of all files, whatever they are, and names the good ones', async () => {
    const place = given({
      files: {
        'good.toml': '\ufeff[jobs.a]\r\n\tcommand\t=\t["x"]\r\n',
        'bad.toml': '[jobs.a]\ncomand = 1',
        'twice.toml': '[jobs.a]\ncommand = ["x"]\n[jobs.a]\ncommand = ["y"]',
        'a b\nc.toml': 'x = ',
        'directory/x': '',
        'huge.toml': '#'.repeat(5 * 1024 * 1024 + 1),
      },
    })
    const files = ['good.toml', 'bad.toml', 'twice.toml', 'a b\nc.toml', 'directory', 'huge.toml', 'nowhere.toml']
    const { stdout, stderr, exit } = await place.run(['config', 'validate', ...files])
    expect(exit).toBe(2)
    expect(place.tidy(stdout)).toBe('<work>/good.toml is valid\n')
    expect(
      place
        .tidy(stderr)
        .split('\n')
        .filter((line) => /^\S/.test(line)),
    ).toEqual([
      'bad.toml: 1 problem, nothing was run',
      'twice.toml: 1 problem, nothing was run',
      'a b\u240ac.toml: 1 problem, nothing was run',
      'the configuration file cannot be read: <work>/directory',
      'it is a directory, a file is expected',
      'make it a readable file, or name another one with --config',
      'the configuration file cannot be read: <work>/huge.toml',
      'it is larger than 5 MiB',
      'make it a readable file, or name another one with --config',
      'configuration file not found: <work>/nowhere.toml',
      'check the path after --config, or leave --config out to use the usual place',
    ])
    expect(await place.json(['config', 'validate', 'good.toml', 'bad.toml'])).toMatchObject({
      files: [
        { valid: true, failure: null },
        { valid: false, failure: { code: 'config_invalid' } },
      ],
    })
  })

  test('knows a project file by its name', async () => {
    const place = given({ files: { 'orchastration.toml': '[state]\ndir = "x"', 'other.toml': '[state]\ndir = "x"' } })
    expect((await place.run(['config', 'validate', 'other.toml'])).exit).toBe(0)
    const { stderr, exit } = await place.run(['config', 'validate', 'orchastration.toml'])
    expect(exit).toBe(2)
    expect(stderr).toContain('"state" concerns the runs of every project')
  })
})

describe('config schema', () => {
  test('prints the JSON Schema of the repository', async () => {
    const { stdout, exit } = await given().run(['config', 'schema'])
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(shipped('config.schema.json')))
    const { schema, json_schema } = await given().json(['config', 'schema'])
    expect(schema).toBe('orchastration.config-schema/1')
    expect(json_schema).toEqual(JSON.parse(stdout))
  })

  test('takes the example, and refuses what the program refuses', () => {
    const schema = fromJSONSchema(JSON.parse(shipped('config.schema.json')))
    const takes = (text: string) => schema.safeParse(parse(text)).success
    expect(takes(shipped('config.example.toml'))).toBe(true)
    expect(takes('')).toBe(true)
    for (const text of [
      'jobz = {}',
      '[jobs.a]\ncomand = ["x"]',
      '[jobs.a]\ndescription = "no command"',
      '[jobs.a]\ncommand = []',
      '[jobs.a]\ncommand = ["x"]\nshell = "fish"',
      '[jobs.a]\ncommand = ["x"]\nretry = { attempts = 0 }',
      '[jobs.a]\ncommand = ["x"]\nsecrets.A = "x"',
      '[jobs.a]\ncommand = ["x"]\nparams.a.type = "text"',
      '[tasks.a]\nrepo = "other"\nworking_dir = "/"\ncommand = ["x"]',
      '[agents.a]\nmodel = "x"',
    ])
      expect(takes(text), text).toBe(false)
  })

  test('lies where the example says that editors look for it', () => {
    const example = shipped('config.example.toml')
    const [, name] = /^#:schema \.\/(\S+)\n/.exec(example) ?? []
    expect(example).toContain(`orchastration config schema > ${name}\``)
    expect(JSON.parse(shipped(name ?? ''))).toHaveProperty('properties')
  })

  test('knows every key of the example, and describes it', () => {
    const schema = JSON.parse(shipped('config.schema.json'))
    expect(strangers(Bun.TOML.parse(shipped('config.example.toml')), schema, '')).toEqual([])
  })
})

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly anyOf?: readonly Schema[]
}

/** The paths of keys that the schema does not know or does not describe. */
function strangers(value: unknown, schema: Schema, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const table = [schema, ...(schema.anyOf ?? [])].find((each) => each.properties ?? each.additionalProperties)
  return Object.entries(value).flatMap(([key, held]) => {
    const named = table?.properties?.[key]
    const member = named ?? (table?.additionalProperties || undefined)
    if (member === undefined || (named !== undefined && named.description === undefined)) return [`${path}.${key}`]
    return strangers(held, member, `${path}.${key}`)
  })
}
