import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readFlow } from '#adapters/files/orket/read-flow.ts'
import { readTask } from '#adapters/files/orket/read-task.ts'
import { describeFailure } from '#app/failure-text.ts'
import { graphOfFlows } from '#domain/orket/flow-graph.ts'

const top = mkdtempSync(join(tmpdir(), 'orchastration-orket-'))
afterAll(() => rmSync(top, { recursive: true }))
let places = 0

type Files = Readonly<Record<string, unknown>>

/** A directory with these files; what is no text becomes JSON. */
function given(files: Files): string {
  const directory = join(top, String(places++))
  mkdirSync(directory)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(
      join(directory, path),
      typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`,
    )
  }
  return directory
}

const band = {
  name: 'duo',
  roles: {
    coder: { description: 'You write.', tools: ['read_file', 'write_file'], policy: { requires_write: true } },
    reviewer: { description: 'You read.', tools: ['read_file', 'list_dir'] },
  },
}
const score = { name: 'twice', steps: [{ role: 'coder' }, { role: 'coder', note: 'Again.' }, { role: 'reviewer' }] }
const venue = { name: 'here', model: 'm1', temperature: 0.5, seed: null, params: {} }

function shown(reference: string, directory: string, workspace?: string) {
  const read = readFlow(reference, { workspace }, directory)
  if (!read.ok) throw new Error(describeFailure(read.error).detail.join('\n'))
  const { flows, spaces, task, name, script, path } = read.value
  const { nodes, roles, unheeded } = graphOfFlows(flows)
  return {
    name,
    path: path.replace(`${directory}/`, ''),
    task,
    script,
    spaces,
    mayFail: nodes.flatMap(({ on_failure }) => on_failure ?? []),
    steps: nodes.map(({ id, needs, with: about }) => {
      const { agent, note = '' } = about as { readonly agent: string; readonly note?: string }
      return [id, agent, needs.join(), note].join('|')
    }),
    roles: roles.map((role) =>
      [role.name, role.tools.join(), role.model?.model ?? '', role.model?.temperature ?? ''].join('|'),
    ),
    unheeded: unheeded.map(({ setting, why }) => `${setting}: ${why}`),
  }
}

const STEPS = ['coder|coder||', 'coder-2|coder|coder|Again.', 'reviewer|reviewer|coder-2|']

describe('a flow', () => {
  const parts = { 'model/band/duo.json': band, 'model/score/twice.json': score, 'model/venue/here.json': venue }

  test('as the runner of Orket reads it names its parts', () => {
    const flow = { name: 'f', band: 'duo', score: 'twice', task: { description: 'Do it.' } }
    expect(shown('f', given({ ...parts, 'model/flow/f.json': flow }))).toMatchObject({
      name: 'f',
      path: 'model/flow/f.json',
      task: 'Do it.',
      steps: STEPS,
      roles: ['coder|read,write||', 'reviewer|read,list||'],
      unheeded: [],
    })
  })

  test('as the loader of Orket reads it has the paths of its parts', () => {
    const flow = {
      name: 'f',
      description: 'Both',
      venue: 'model/venue/here.json',
      band: 'model\\band\\duo.json',
      score: 'model/score/twice',
    }
    const directory = given({ ...parts, 'elsewhere/f.json': flow })
    expect(shown('elsewhere/f.json', directory)).toMatchObject({
      steps: STEPS,
      roles: ['coder|read,write|m1|0.5', 'reviewer|read,list|m1|0.5'],
    })
    expect(shown('elsewhere/f', directory).steps).toEqual(STEPS)
  })

  test('of a later Orket is a project with a team, an environment and a sequence', () => {
    const { name, roles } = band
    const directory = given({
      'model/core/project/f.json': { name: 'f', team: 'duo', environment: 'here', sequence: 'twice', task: 'Do it.' },
      'model/core/team/duo.json': {
        name,
        roles,
        seats: { lead: { name: 'Lead', roles: ['coder', 'reviewer'] }, guest: { roles: ['writer'] } },
      },
      'model/core/role/writer.json': {
        name: 'writer',
        description: 'You tell.',
        tools: ['read_file', 'image_analyze'],
      },
      'model/core/environment/here.json': { ...venue, timeout: 300 },
      'model/core/sequence/twice.json': { name: 'twice', steps: [{ seat: 'lead' }, { seat: 'guest' }] },
    })
    expect(shown('f', directory)).toMatchObject({
      task: 'Do it.',
      steps: ['lead|lead||', 'guest|guest|lead|'],
      roles: ['lead|read,write,list|m1|0.5', 'guest|read|m1|0.5'],
      unheeded: ['tool image_analyze of writer: no_such_tool'],
    })
  })

  test('of the first Orket is a venue, with roles that depend on each other', () => {
    const directory = given({
      'model/venue/f.json': {
        name: 'f',
        band: 'old',
        score: 'old',
        tempo: 'heavy',
        filesystem: { permissions_file: 'perm.json', policy_file: 'policy.json' },
      },
      'model/band/old.json': {
        name: 'old',
        roles: {
          last: { prompt: 'You end.', tools_allowed: [] },
          first: { prompt: 'You begin.', tools_allowed: ['read_file'] },
        },
      },
      'model/score/old.json': {
        included_roles: ['last', 'first'],
        dependencies: { last: ['first'] },
        completion: { require_all_roles_complete: false },
      },
      'perm.json': { spaces: { work_domain: 'area', workspaces: ['out', 'more'], reference_spaces: ['docs'] } },
      'policy.json': { write_policy: 'workspace-first' },
      'docs/x': '',
    })
    expect(shown('f', directory)).toMatchObject({
      steps: ['first|first||', 'last|last|first|'],
      unheeded: ['tempo heavy: no_effect'],
      mayFail: ['continue', 'continue'],
      spaces: {
        workspace: join(directory, 'out'),
        domain: join(directory, 'area'),
        references: [join(directory, 'docs')],
        readScope: ['workspace', 'reference', 'domain'],
        writeScope: ['workspace', 'domain'],
        others: [join(directory, 'more')],
      },
    })
  })

  test('may be an epic: its cards stand in it, with rounds', () => {
    const directory = given({
      ...parts,
      'model/epic/e.json': {
        name: 'e',
        team: 'duo',
        environment: 'here',
        iterations: 2,
        references: ['lib'],
        example_task: 'Try.',
        stories: [
          { seat: 'coder', summary: 'Write.', note: 'Well.', governance: 'once' },
          { seat: 'reviewer', governance: 'final', priority: 'High' },
          { id: 'c3', seat: 'coder', model: 'm2', params: { a: 1 } },
        ],
      },
      'lib/x': '',
    })
    expect(shown('e', directory)).toMatchObject({
      task: 'Try.',
      steps: [
        'coder|coder||Write.\n\nWell.',
        'coder-2|coder|coder|',
        'reviewer|reviewer|coder-2|',
        'coder-3|coder|reviewer|',
      ],
      unheeded: [
        'priority of card 2: no_effect',
        'model m2 of card c3: kept_for_model',
        'params of card c3: no_effect',
      ],
      spaces: { references: [join(directory, 'lib')] },
    })
  })

  test('may be a rock: epics of departments one after the other, each role by a name of its own', () => {
    const epic = (name: string, team: string) => ({ name, team, cards: [{ seat: 'coder', summary: name }] })
    const directory = given({
      'model/core/rocks/r.json': {
        name: 'r',
        task: { description: 'All of it.' },
        epics: [
          { department: 'core', epic: 'one' },
          { department: 'design', epic: 'two' },
        ],
      },
      'model/core/epics/one.json': epic('one', 'duo'),
      'model/design/epics/two.json': epic('two', 'artists'),
      'model/core/teams/duo.json': band,
      'model/design/teams/artists.json': { name: 'artists', roles: { coder: { description: 'You paint.' } } },
    })
    expect(shown('r', directory)).toMatchObject({
      name: 'r',
      task: 'All of it.',
      steps: ['coder|coder||one', 'coder-2|coder of two|coder|two'],
      roles: ['coder|read,write||', 'coder of two|||'],
    })
  })

  test('may be named by a file that names its task and workspace, too', () => {
    const directory = given({
      ...parts,
      'model/flow/f.json': { name: 'f', band: 'duo', score: 'twice', task: 'Not this.' },
      'run/config.json': { flow: 'model/flow/f.json', task: 'task.json', workspace: 'out' },
      'run/task.json': { description: 'This.' },
    })
    expect(shown('run/config.json', directory)).toMatchObject({
      name: 'f',
      task: 'This.',
      steps: STEPS,
      spaces: { workspace: join(directory, 'out') },
    })
    expect(shown('run/config.json', directory, 'mine').spaces.workspace).toBe(join(directory, 'mine'))
  })

  test('has a model a role where its venue says so', () => {
    const directory = given({
      ...parts,
      'model/flow/f.json': { name: 'f', band: 'duo', score: 'twice', venue: 'mixed' },
      'model/venue/mixed.json': {
        name: 'mixed',
        roles: { coder: { model: 'big', temperature: 0 }, nobody: { model: 'x' } },
        default: { model: 'small', seed: 4 },
        params: { top_k: 3 },
      },
    })
    expect(shown('f', directory)).toMatchObject({
      roles: ['coder|read,write|big|0', 'reviewer|read,list|small|'],
      unheeded: ['params of venue mixed: kept_for_model', 'model of nobody, which is no role here,: no_effect'],
    })
  })

  test('that is built in is there without any file, and one of that name here counts before it', () => {
    const directory = given({})
    expect(shown('standard', directory)).toMatchObject({
      path: 'configs/flows/standard/flow.json',
      script: 'examples/hello/script.json',
      steps: [
        expect.stringMatching(/^architect\|architect\|\|/),
        expect.stringMatching(/^coder\|coder\|architect\|/),
        expect.stringMatching(/^coder-2\|/),
        expect.stringMatching(/^coder-3\|/),
        expect.stringMatching(/^reviewer\|reviewer\|coder-3\|/),
      ],
      unheeded: [],
    })
    expect(shown('examples/hello/config.json', directory).spaces.workspace).toBe(join(directory, 'workspace/hello'))
    const own = given({ ...parts, 'model/flow/standard.json': { name: 'own', band: 'duo', score: 'twice' } })
    expect(shown('standard', own).name).toBe('own')
  })

  test('takes permissions from where Orket keeps them', () => {
    const directory = given({
      ...parts,
      'model/flow/f.json': { name: 'f', band: 'duo', score: 'twice' },
      'orket/permissions.json': { policy: { read_scope: ['workspace'], write_scope: [] } },
    })
    expect(shown('f', directory).spaces).toMatchObject({ readScope: ['workspace'], writeScope: [] })
  })
})

/** The failure of a flow as it is told, without the directory. */
function told(reference: string, directory: string): readonly string[] {
  const read = readFlow(reference, {}, directory)
  if (read.ok) return []
  const { headline, detail } = describeFailure(read.error)
  return [headline, ...detail].map((line) => line.replaceAll(`${directory}/`, ''))
}

/** What stands below the carets, with its place. */
function faults(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line, index) => {
    const said = /^ +\| +\^+ (.*)$/.exec(line)?.[1]
    return said === undefined ? [] : [`${lines[index - 2]?.trim()} ${said}`]
  })
}

describe('a flow with mistakes', () => {
  test('tells all of them at once, in every file, each with its place', () => {
    const lines = told(
      'f',
      given({
        'model/flow/f.json':
          '{\n  "name": "f",\n  "bnd": "duo",\n  "band": "duo",\n  "team": "duo",\n  "score": "twice",\n  "venue": "her"\n}',
        'model/band/duo.json': {
          name: 'duo',
          roles: {
            coder: { description: 'You write.', prompt: 'Twice.', tools: ['write_fil', 7] },
            reviewer: { tools: ['list_dir'], policy: { requires_wrte: true, requires_write: true, mood: 'calm' } },
          },
        },
        'model/score/twice.json': { name: 'x', steps: [{ role: 'coder' }, { rol: 'reviewer' }] },
        'model/venue/here.json': venue,
      }),
    )
    expect(lines[0]).toBe('flow "f": 5 problems in 3 files, nothing was run')
    expect(faults(lines)).toEqual([
      'model/flow/f.json:3:3 unknown key at the top of the file; did you mean "band"?',
      'model/flow/f.json:5:3 one of band, team is expected, this is more than one, "band" stands here, too',
      'model/flow/f.json:7:12 the name or path of a venue is expected, this is "her", and there is none; did you mean "here"?',
      'model/band/duo.json:9:9 text is expected, this is a number',
      'model/score/twice.json:8:7 unknown key in [steps[1]]; did you mean "role"?',
    ])
  })

  test('tells what no key by itself is wrong in', () => {
    const lines = told(
      'f',
      given({
        'model/flow/f.json': { name: 'f', band: 'duo', score: 'old', venue: 'both' },
        'model/band/duo.json': {
          name: 'duo',
          roles: {
            coder: { description: 'You write.', prompt: 'Twice.', tools: ['write_fil'] },
            reviewer: {
              description: 'You read.',
              tools: ['list_dir'],
              policy: { requires_wrte: true, requires_write: true, requires_tools: ['read_file'], mood: 'calm' },
            },
            silent: { tools: [] },
          },
        },
        'model/score/old.json': {
          included_roles: ['coder', 'reviewer', 'coder', 'cooder'],
          dependencies: { coder: ['reviewer', 'x'], reviewer: ['coder'], painter: [] },
          tempo: 'fast',
        },
        'model/venue/both.json': { name: 'both', model: 'a', default: { model: 'b' } },
      }),
    )
    expect(faults(lines).map((line) => line.replace('model/', ''))).toEqual([
      'band/duo.json:6:7 one of description, prompt is expected, this is more than one, "description" stands here, too',
      'band/duo.json:8:9 a tool such as read_file, write_file or list_dir is expected, this is "write_fil"; did you mean "write_file"?',
      'band/duo.json:17:9 unknown key in [roles.reviewer.policy]; did you mean "requires_write"?',
      'band/duo.json:18:9 a tool that writes is expected, this is no tool of the role',
      'band/duo.json:20:11 a tool of the role: list is expected, this is "read_file"',
      'band/duo.json:25:5 "description" is missing in [roles.silent]; it, or "prompt", is expected',
      'venue/both.json:4:3 one of model, default is expected, this is more than one, "model" stands here, too',
      'score/old.json:18:12 one of "lite", "standard", "heavy" is expected, this is "fast"',
    ])
  })

  test.each([
    ['{"name": "f",}', '1:14', 'not valid JSON: a key in double quotes is expected'],
    ['{"name": "f"', '1:13', 'not valid JSON: the text ends here; "," or "}" is expected'],
    ['{"name": "f", "name": "g"}', '1:15', 'not valid JSON: this key is there twice'],
    ['// flow\n{}', '1:1', 'not valid JSON: JSON has no comments'],
    ['', '1:1', 'not valid JSON: the text ends here; a value is expected'],
    ['{"name": \'f\'}', '1:10', 'not valid JSON: a value is expected'],
    ['{} {}', '1:4', 'not valid JSON: nothing may follow the value'],
    ['[]', '1:1', '"band" is missing at the top of the file; it, or "team", is expected'],
  ])('is told where %j is wrong', (text, place, said) => {
    expect(faults(told('f.json', given({ 'f.json': text })))).toContain(`f.json:${place} ${said}`)
  })

  test.each([
    [
      { included_roles: ['a', 'b'], dependencies: { a: ['b'], b: ['a'] } },
      'an order in which all can work is expected, this is a circle: a, b',
    ],
    [
      { included_roles: ['a'], dependencies: { a: ['b'] } },
      'one of "included_roles" is expected, this is "b"; did you mean "a"?',
    ],
    [{ included_roles: ['a', 'a'] }, 'each role once is expected, this is "a"'],
    [{ steps: [{ role: 'c' }] }, 'one of a, b is expected, this is "c"; did you mean "a"?'],
    [
      { steps: [{ role: 'a', seat: 'a' }] },
      'one of role, seat is expected, this is more than one, "role" stands here, too',
    ],
    [{ steps: [{}] }, '"role" is missing in [steps[0]]; it, or "seat", is expected'],
    [{ steps: [] }, 'a list that is not empty is expected, this is an empty list'],
    [{ steps: [{ role: 'a' }], dependencies: {} }, '"included_roles" beside it is expected, this is "steps"'],
    [{ name: 'x' }, '"steps" is missing at the top of the file; it, or "included_roles", is expected'],
  ])('is told what is wrong in the score %j', (own, said) => {
    const roles = { a: { description: 'A' }, b: { description: 'B' } }
    const directory = given({
      'f.json': { name: 'f', band: 'b.json', score: 's.json' },
      'b.json': { name: 'b', roles },
      's.json': own,
    })
    expect(faults(told('f.json', directory)).map((line) => line.replace(/^s\.json:\d+:\d+ /, ''))).toEqual([said])
  })

  test('tells what an epic and a rock lack', () => {
    const epic = { name: 'e', team: 'b', cards: [{ seat: 'x' }], stories: [{ seat: 'a' }], iterations: 0 }
    const directory = given({
      'model/epics/e.json': epic,
      'model/rocks/r.json': { name: 'r', epics: [{ epic: 'e' }, { epic: 'ee' }] },
      'model/teams/b.json': { name: 'b', roles: { a: { description: 'A' } }, seats: { s: { roles: ['a', 'gone'] } } },
      'model/epics/many.json': {
        name: 'many',
        team: 'c',
        iterations: 1000,
        cards: Array.from({ length: 11 }, () => ({ seat: 'a' })),
      },
      'model/teams/c.json': { name: 'c', roles: { a: { description: 'A' } } },
    })
    expect(faults(told('r', directory))).toEqual([
      'model/rocks/r.json:8:15 the name or path of an epic is expected, this is "ee", and there is none; did you mean "e"?',
      'model/epics/e.json:14:17 at least 1 is expected, this is 0',
      'model/teams/b.json:12:9 a role of this file, or the name of one that has a file is expected, this is "gone", and there is none',
    ])
    expect(faults(told('many', directory))).toEqual([
      'model/epics/many.json:4:17 at most 10,000 steps in all rounds is expected, this is 11,000 of them',
    ])
  })

  test('tells what is wrong with its permissions, and with a file that names flow and task', () => {
    const directory = given({
      'model/flow/f.json': { name: 'f', band: 'b.json', score: 's.json', filesystem: { policy_file: 'policy.json' } },
      'b.json': { name: 'b', roles: { a: { description: 'A' } } },
      's.json': { steps: [{ role: 'a' }] },
      'policy.json': { write_policy: 'everywhere' },
      'orket/permissions.json': {
        spaces: { reference_spaces: ['gone', '.'], work_domain: 7 },
        policy: { write_scope: ['workspaces'] },
        polcy: {},
      },
      'run.json': { flow: 'g', task: 'task.json', workspace: '' },
      'task.json': { description: '' },
    })
    expect(faults(told('f', directory)).toSorted()).toEqual(
      [
        'orket/permissions.json:4:7 a directory is expected, this is "gone", and there is none',
        'orket/permissions.json:7:20 text is expected, this is a number',
        'orket/permissions.json:11:7 one of "workspace", "reference", "domain" is expected, this is "workspaces"; did you mean "workspace"?',
        'orket/permissions.json:14:3 unknown key at the top of the file; did you mean "policy"?',
        'policy.json:2:19 one of "workspace-only", "workspace-first", "domain-only", "disabled" is expected, this is "everywhere"',
      ].toSorted(),
    )
    expect(faults(told('run.json', directory))).toEqual([
      'run.json:2:11 the name or path of a flow is expected, this is "g", and there is none; did you mean "f"?',
      'run.json:4:16 text that is not empty is expected, this is ""',
      'task.json:2:18 text that is not empty is expected, this is ""',
    ])
  })

  test('that is not there is named with its nearest', () => {
    const directory = given({ 'model/flow/release.json': {}, 'configs/flows/nightly/flow.json': {} })
    const read = readFlow('relaese', {}, directory)
    expect(read).toEqual({
      ok: false,
      error: { code: 'unknown_flow', flow: 'relaese', known: ['nightly', 'release', 'standard'], nearest: 'release' },
    })
  })

  test('refers to nothing outside of what is built in where it is built in', () => {
    const directory = given({ 'model/band/band.json': band, 'configs/flows/standard/band.json': band })
    expect(shown('standard', directory).roles).toHaveLength(3)
  })
})

describe('a task', () => {
  const directory = given({
    'task.json': { description: 'Do it.' },
    'task.txt': '\nDo that.\n',
    'bad.json': { descripton: 'x', more: 1 },
    'empty.txt': ' \n',
  })

  test('is the description of a JSON file, the text of any other, and one of ours wherever one is', () => {
    expect(readTask('task.json', directory)).toEqual({ ok: true, value: { text: 'Do it.' } })
    expect(readTask('task.txt', directory)).toMatchObject({ ok: true, value: { text: 'Do that.' } })
    expect(readTask('examples/hello/task.json', directory)).toMatchObject({
      ok: true,
      value: { script: 'examples/hello/script.json' },
    })
  })

  test('that is none is told with all that is wrong', () => {
    const read = readTask('bad.json', directory)
    expect(read).toMatchObject({ ok: false, error: { code: 'flow_invalid', flow: 'bad.json' } })
    expect(readTask('empty.txt', directory)).toMatchObject({
      ok: false,
      error: { code: 'file_unreadable', reason: 'empty' },
    })
    expect(readTask('none.txt', directory)).toMatchObject({
      ok: false,
      error: { code: 'file_unreadable', reason: 'ENOENT' },
    })
  })
})
