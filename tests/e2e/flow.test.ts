import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

describe.skipIf(onWindows)("a flow in Orket's files", () => {
  test('is shown as the graph that it comes to, wherever the program is', async () => {
    const place = given()
    await place.gives(['orchestration', 'explain', '--flow', 'standard', '--workspace', 'out'], {
      stdout: `standard - Design a small program, write it file by file, and review it
  architect  architect
  coder      coder      after architect
  coder-2    coder      after coder
  coder-3    coder      after coder-2
  reviewer   reviewer   after coder-3

flow        configs/flows/standard/flow.json
task        Write a small command-line program that greets whoever it is told to, with a page that says how to use it.
workspace   <work>/out
domain      <work>
may read    workspace, reference, domain
may write   workspace
role        architect: tools read, list; model qwen3-coder, temperature 0.2, seed 7
role        coder: tools read, write, list; model qwen3-coder, temperature 0.2, seed 7
role        reviewer: tools read, list; must read; model qwen3-coder, temperature 0.2, seed 7
note        architect: Design the whole before the first file.
note        coder: Write the first file of the design.
note        coder-2: Write the next file of the design.
note        coder-3: Write what is still missing, or say that nothing is.
note        reviewer: Check all of it.
`,
      exit: 0,
    })
    expect((await place.run(['orchestration', 'explain', '--flow', 'standard', '--mermaid'])).stdout).toContain(
      '  n2["coder: coder"]\n',
    )
  })

  test('is not named beside an orchestration', async () => {
    const { exit, stderr } = await given().run(['orchestration', 'explain', 'default', '--flow', 'standard'])
    expect([exit, stderr]).toEqual([2, expect.stringContaining('an orchestration or --flow, and both were given')])
  })

  test('with mistakes is told with each of them at its place', async () => {
    const place = given()
    place.write('f.json', '{\n  "name": "f",\n  "bnd": "b"\n}\n')
    await place.gives(['orchestration', 'explain', '--flow', 'f.json'], {
      stderr: [
        'flow "f.json": 2 problems, nothing was run',
        '',
        '  <work>/f.json:1:1',
        '  1 | {',
        '    | ^ "score" is missing at the top of the file; it, or "sequence", is expected',
        '',
        '  <work>/f.json:3:3',
        '  3 |   "bnd": "b"',
        '    |   ^^^^^ unknown key at the top of the file; did you mean "band"?',
        '',
      ].join('\n'),
      exit: 2,
    })
  })
})

const STANDARD = ['orchestration', 'run', '--flow', 'standard', '--task', 'examples/hello/task.json']

describe.skipIf(onWindows)('the run of a flow', () => {
  test('fails before anything runs where nothing can take its turns, and names what is missing', async () => {
    const place = given()
    await place.gives(STANDARD, {
      stderr: [
        'architect has nothing to take its turn: it has no model backend',
        'its turns are meant for the model qwen3-coder',
        'give it another backend, as with --backend scripted or --backend human\n',
      ].join('\n'),
      exit: 2,
    })
    expect(place.events()).toEqual([])
  })

  test('is that of an orchestration: its agents hear of the task, and of what was said before them', async () => {
    const place = given()
    const shown = await place.json([...STANDARD, '--backend', 'scripted'])
    expect(shown).toMatchObject({ orchestration: 'standard', status: 'succeeded', exit: 0 })
    expect(shown['agents']).toMatchObject(
      ['architect', 'coder', 'coder-2', 'coder-3', 'reviewer'].map((id) => ({ id, backend: 'scripted' })),
    )
    const { transcript } = shown['context'] as { readonly transcript: readonly { readonly step: string }[] }
    expect(transcript.map(({ step }) => step)).toEqual(['architect', 'coder', 'coder-2', 'coder-3', 'reviewer'])
    const replies = place.events('step.started').filter(({ body }) => body['activity'] === 'reply')
    expect(place.read('workspace/default/README.md')).toContain('sh hello.sh Ada')
    expect((await place.shell('sh workspace/default/hello.sh Ada')).stdout).toBe('Hello, Ada!\n')
    expect(replies.at(-1)?.body['input']).toMatchObject({
      instructions: expect.stringContaining('\n\nCheck all of it.'),
      messages: expect.arrayContaining([
        { from: 'run', text: expect.stringContaining('goal: "Write a small command-line program') },
        { from: 'run', text: expect.stringContaining('"said":"hello.sh is written."') },
      ]),
    })
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('leaves a transcript and events in the form of Orket, and rebuild and prune know of them', async () => {
    const place = given()
    await place.json([...STANDARD, '--backend', 'scripted'])
    const run = place.lastRun()
    const folder = join(place.records, 'transcripts/standard', run)
    const text = readFileSync(join(folder, 'transcript.json'), 'utf8')
    expect(JSON.parse(text)).toMatchObject({
      flow_name: 'standard',
      run_id: run,
      workspace: place.path('workspace/default'),
      status: 'succeeded',
      transcript: expect.arrayContaining([
        expect.objectContaining({
          step_index: 4,
          role: 'reviewer',
          summary: expect.stringContaining('The task is done.'),
        }),
      ]),
    })
    expect((await place.run(['rebuild'])).exit).toBe(0)
    expect(readFileSync(join(folder, 'transcript.json'), 'utf8')).toBe(text)
    const { stdout } = await place.run(['runs', 'events', run, '--format', 'orket'])
    expect(readFileSync(join(folder, 'orket.log'), 'utf8')).toBe(stdout)
    const coder = readFileSync(join(folder, 'agents/coder.log'), 'utf8')
    expect(coder).toBe(
      stdout
        .split('\n')
        .filter((line) => line.includes('"role":"coder","event"'))
        .join('\n')
        .concat('\n'),
    )
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ event }) => event).filter((event) => event.startsWith('s'))).toEqual([
      'session_start',
      ...Array.from({ length: 5 }, () => ['step_start', 'step_end']).flat(),
      'session_end',
    ])
    expect((await place.run(['runs', 'prune', run, '--yes'])).exit).toBe(0)
    expect(existsSync(folder)).toBe(false)
  })

  test('takes its task from a file, from standard input, from the configuration, or as a goal', async () => {
    const place = given({
      config:
        '[tasks.site]\nrepo = "external"\nworking_dir = "/tmp"\ndescription = "Build the site"\ncommand = ["true"]\n',
    })
    place.write('task.txt', 'Do that.\n')
    place.write('s.json', JSON.stringify({ replies: ['a', 'b'].map((agent) => ({ agent, text: 'ok' })) }))
    place.write('f.json', '{"name": "My flow/1", "band": "b.json", "score": "s1.json"}')
    place.write('b.json', '{"name": "b", "roles": {"a": {"description": "A"}, "b": {"description": "B"}}}')
    place.write('s1.json', '{"tempo": "lite", "included_roles": ["b", "a"], "dependencies": {"b": ["a"]}}')
    const flow = ['orchestration', 'run', '--flow', 'f.json', '--backend', 'scripted', '--script', 's.json']
    const goal = async (args: readonly string[]) => (await place.json([...flow, ...args]))['context']
    expect(await goal(['--task', 'task.txt'])).toMatchObject({ goal: 'Do that.' })
    expect(await goal(['--task', 'site'])).toMatchObject({ goal: 'Build the site', 'task.name': 'site' })
    expect(await goal(['--goal', 'Sing.'])).toMatchObject({ goal: 'Sing.' })
    const piped = await place.shell(`echo 'From afar.' | orchastration ${flow.join(' ')} --task - --json`)
    expect(JSON.parse(piped.stdout)).toMatchObject({ orchestration: 'My-flow-1', context: { goal: 'From afar.' } })
    const { stderr } = await place.run([...flow, '--goal', 'x'])
    expect(stderr).toContain('not honoured: tempo lite (it has no effect here)\n')
    const failures = [[], ['--task', 'none'], ['--task', 'none.json'], ['--task', 'task.txt', '--goal', 'x']]
    const codes: unknown[] = []
    for (const args of failures) codes.push((await place.json([...flow, ...args]))['failure'])
    expect(codes).toMatchObject([
      { code: 'nothing_planned' },
      { code: 'unknown_task' },
      { code: 'file_unreadable' },
      { code: 'usage' },
    ])
  })

  test('holds each turn to the policy of its role: who must write and does not is told so once, and then fails', async () => {
    const place = given()
    const roles = { a: { description: 'A', tools: ['write_file'], policy: { requires_write: true } } }
    place.write('f.json', '{"name": "f", "band": "b.json", "score": "s.json", "task": "Do it."}')
    place.write('b.json', JSON.stringify({ name: 'b', roles }))
    place.write('s.json', '{"steps": [{"role": "a"}, {"role": "a"}]}')
    const write = { tool: 'write_file', args: { path: 'x', content: 'x\n' } }
    const outside = { tool: 'write_file', args: { path: '../x', content: 'x\n' } }
    const replies = [
      { agent: 'a', text: 'I wrote it.' },
      { agent: 'a', tools: [write] },
      { agent: 'a', text: 'Now it is written.' },
      { agent: 'a-2', tools: [outside] },
      { agent: 'a-2', text: 'Written.' },
      { agent: 'a-2', text: 'Really.' },
    ]
    place.write('replies.json', JSON.stringify({ replies }))
    const run = ['orchestration', 'run', '--flow', 'f.json', '--backend', 'scripted', '--script', 'replies.json']
    const shown = await place.json([...run, '--workspace', 'out'])
    expect(shown).toMatchObject({
      status: 'failed',
      agents: [
        { id: 'a', status: 'success' },
        { id: 'a-2', status: 'failed' },
      ],
      failure: {
        cause: { code: 'answer_invalid', problems: ['the turn must write, and nothing was written'] },
      },
    })
    expect([place.read('out/x'), place.has('x')]).toEqual(['x\n', false])
    const { stdout } = await place.run(['runs', 'events', place.lastRun(), '--format', 'orket'])
    expect(stdout).toMatch(
      /"event":"tool_call".*"tool":"write_file","args":\{"path":"..\/x"\},"content_bytes":2,"result":\{.*"ok":false/,
    )
  })

  test('takes the text form of calls, several in one reply, and keeps files as they are written', async () => {
    const place = given()
    place.write('f.json', '{"name": "f", "band": "b.json", "score": "s.json", "task": "Do it."}')
    place.write('b.json', '{"name": "b", "roles": {"a": {"description": "A", "tools": ["write_file"]}}}')
    place.write('s.json', '{"steps": [{"role": "a", "note": "Keep {{braces}}."}]}')
    const one = 'TOOL: write_file\nPATH: one.txt\nCONTENT:\nPATH: two.txt\n```\nlast\nEND\n'
    const text = `Two files.\n${one}TOOL: write_file\nPATH: sub/two.txt\nCONTENT:\nx\nEND\n`
    place.write(
      'replies.json',
      JSON.stringify({
        replies: [
          { agent: 'a', text },
          { agent: 'a', text: 'Done.' },
        ],
      }),
    )
    const run = ['orchestration', 'run', '--flow', 'f.json', '--backend', 'scripted', '--script', 'replies.json']
    expect(await place.json([...run, '--workspace', 'out'])).toMatchObject({ status: 'succeeded' })
    expect(place.events('step.started')[0]?.body['input']).toMatchObject({
      instructions: expect.stringContaining('A\n\nKeep {{braces}}.\n'),
    })
    expect([place.read('out/one.txt'), place.read('out/sub/two.txt')]).toEqual(['PATH: two.txt\n```\nlast\n', 'x\n'])
  })

  test('keeps its records out of reach of its agents, wherever these may write', async () => {
    const place = given()
    await place.json([...STANDARD, '--backend', 'scripted'])
    const record = `transcripts/standard/${place.lastRun()}/transcript.json`
    const write = { tool: 'write', args: { path: record, content: '{}' } }
    const replies = ['architect', 'coder', 'coder-2', 'coder-3', 'reviewer'].flatMap((agent) =>
      agent === 'coder'
        ? [
            { agent, tools: [write] },
            { agent, text: 'Forged.' },
          ]
        : [{ agent, text: 'ok' }],
    )
    place.write('replies.json', JSON.stringify({ replies }))
    const before = readFileSync(join(place.records, record), 'utf8')
    await place.json([...STANDARD, '--backend', 'scripted', '--script', 'replies.json', '--workspace', place.records])
    expect(readFileSync(join(place.records, record), 'utf8')).toBe(before)
    const tools = place.events('step.succeeded').filter(({ body }) => body['activity'] === 'tool')
    expect(tools.at(-1)?.body['output']).toMatchObject({ ok: false, error: 'protected' })
  })

  test('is asked for by --interactive-conductor alone, which then asks before each step', async () => {
    const place = given()
    const args = ['orchestration', 'run', '--interactive-conductor', '--backend', 'scripted']
    const terminal = onTerminal(place, args)
    await terminal.until('architect asks: begin architect?')
    terminal.type('continue\r')
    await terminal.until('coder asks: begin coder?')
    terminal.type('disable coder\r')
    await terminal.until('obeyed: disable coder')
    await terminal.until('reviewer asks: begin reviewer?')
    terminal.type('continue\r')
    // The script reads what nobody has written: that is an answer to it, and nothing was read.
    await terminal.until('reviewer failed (script_exhausted): what now?')
    terminal.type('stop\r')
    await terminal.exit
    const { stdout } = await place.run(['runs', 'events', 'standard', '--format', 'orket'])
    const skipped = stdout.split('\n').filter((line) => line.includes('step_skipped'))
    expect(skipped.map((line) => JSON.parse(line).data.reason)).toEqual(Array(3).fill('conductor_skip'))
    const folder = join(place.records, 'transcripts/standard', place.lastRun())
    expect(readFileSync(join(folder, 'transcript.md'), 'utf8')).toContain(
      '## 1 coder: coder\n\nskipped\n\n> coder is disabled',
    )
  })

  test('says how far its files let agents reach, where that is beyond the directory that one stands in', async () => {
    const place = given()
    place.write('f.json', '{"name": "f", "band": "b.json", "score": "s.json", "task": "Do it."}')
    place.write('b.json', '{"name": "b", "roles": {"a": {"description": "A"}}}')
    place.write('s.json', '{"steps": [{"role": "a"}]}')
    place.write('r.json', '{"replies": [{"agent": "a", "text": "ok"}]}')
    const run = ['orchestration', 'run', '--flow', 'f.json', '--backend', 'scripted', '--script', 'r.json']
    const notes = async () => (await place.run(run)).stderr.split('\n').filter((line) => line.startsWith('its agents'))
    expect(await notes()).toEqual([])
    const spaces = { work_domain: '.', reference_spaces: ['/usr'] }
    const policy = { write_scope: ['workspace', 'domain'] }
    place.write('orket/permissions.json', JSON.stringify({ spaces, policy }))
    expect(await notes()).toEqual([`its agents may write in ${place.directory}`, 'its agents may read in /usr'])
  })

  test('runs nothing whose files would have agents write beyond that directory, nor through a link in it', async () => {
    const place = given()
    place.write('f.json', '{"name": "f", "band": "b.json", "score": "s.json", "task": "Do it."}')
    place.write('b.json', '{"name": "b", "roles": {"a": {"description": "A", "tools": ["write_file"]}}}')
    place.write('s.json', '{"steps": [{"role": "a"}]}')
    const path = join(place.root, 'elsewhere/new.txt')
    const tools = [{ tool: 'write', args: { path, text: 'new' } }]
    place.write(
      'r.json',
      JSON.stringify({
        replies: [
          { agent: 'a', tools },
          { agent: 'a', text: 'ok' },
        ],
      }),
    )
    const run = ['orchestration', 'run', '--flow', 'f.json', '--backend', 'scripted', '--script', 'r.json']
    const refused = /^flow "f.json" would let its agents write in \S+elsewhere; nothing was run/
    const policy = { write_scope: ['workspace', 'domain'] }
    for (const spaces of [{ workspaces: ['../elsewhere'] }, { work_domain: join(place.root, 'elsewhere') }]) {
      place.write('orket/permissions.json', JSON.stringify({ spaces, policy }))
      expect(await place.run(run)).toMatchObject({ exit: 2, stderr: expect.stringMatching(refused) })
    }
    expect(existsSync(join(place.root, 'elsewhere'))).toBe(false)
    mkdirSync(join(place.root, 'elsewhere'))
    place.write('orket/permissions.json', '{}')
    symlinkSync('../elsewhere', place.path('workspace'))
    expect((await place.run(run)).exit).toBe(2)
    expect(existsSync(path)).toBe(false)
    // What is named by hand is meant.
    expect((await place.run([...run, '--workspace', '../elsewhere'])).exit).toBe(0)
    expect(existsSync(path)).toBe(true)
  })
})
