import { describe, expect, test } from 'vitest'
import { OrketEvents } from '#domain/orket/orket-events.ts'
import { Transcript } from '#domain/orket/transcript.ts'
import { transcriptMarkdown } from '#domain/orket/transcript-text.ts'
import type { EventBodies, RunEvent } from '#domain/run/event.ts'

type Draft = { readonly [Type in keyof EventBodies]?: Partial<EventBodies[Type]> }

/** Events as a run would leave them, one a second. */
function events(...drafts: readonly Draft[]): readonly RunEvent[] {
  return drafts.flatMap((draft, index) =>
    Object.entries(draft).map(
      ([type, body]) => ({ type, body, at: index * 1000, runId: 'r1', runSeq: index + 1 }) as unknown as RunEvent,
    ),
  )
}

const agent = (id: string, role: string, more: object = {}) => ({
  id,
  kind: 'agent',
  needs: [],
  with: { agent: role },
  ...more,
})
const input = {
  name: 'f',
  goal: 'x'.repeat(150),
  nodes: [agent('coder', 'coder'), agent('coder-2', 'coder'), agent('reviewer', 'reviewer'), agent('last', 'last')],
  agents: [
    { name: 'coder', backend: 'model', model: { model: 'm1', temperature: 0.5, seed: 4 } },
    { name: 'reviewer', backend: 'scripted', model: { model: 'm1' } },
    { name: 'last', backend: 'model' },
  ],
  flow: { path: 'f.json', parts: [{ flow: 'f', band: 'b', score: 's', venue: null }], unheeded: [] },
}
const queued: Draft = { 'run.queued': { workflow: 'orchestration', name: 'f', input: input as never } }
const began = (node: string, more: object = {}): Draft => ({
  'node.started': {
    node,
    round: 1,
    item: null,
    kind: 'agent',
    role: node.replace('-2', ''),
    backend: 'model',
    ...more,
  },
})
const ended = (node: string, more: object = {}): Draft => ({
  'node.ended': { node, round: 1, item: null, status: 'success', message: 'done', writes: {}, failure: null, ...more },
})
const called = (number: number, tool: string, args: object): Draft => ({
  'step.started': { number, name: `coder:${tool}`, activity: 'tool', input: { node: 'coder', tool, args } as never },
})

const RUN = events(
  queued,
  began('coder'),
  { 'step.started': { number: 1, name: 'coder:reply', activity: 'reply', input: { node: 'coder' } } },
  { 'step.succeeded': { number: 1, output: { text: '', calls: [] } } },
  called(2, 'write', { path: 'a.txt', content: 'ä\n' }),
  { 'step.succeeded': { number: 2, output: { ok: true, path: 'a.txt', bytes: 3, sha256: 'aa', before: null } } },
  called(3, 'read', { path: '../x' }),
  { 'step.succeeded': { number: 3, output: { ok: false, error: 'outside', message: 'It lies outside.' } } },
  called(4, 'list', { path: '.' }),
  { 'step.failed': { number: 4, failure: { code: 'timed_out', timeout_ms: 1 } as never } },
  { 'step.started': { number: 5, name: 'coder:reply', activity: 'reply', input: { node: 'coder' } } },
  { 'step.succeeded': { number: 5, output: { text: `Said.\n# ${'y'.repeat(300)}` } } },
  ended('coder', { writes: { notes: ['n1'] } }),
  { 'conductor.obeyed': { node: 'coder-2', by: 'person:ada', command: { do: 'skip', node: 'coder-2' } } },
  ended('coder-2', { status: 'skipped', message: 'skipped by person:ada' }),
  began('reviewer', { backend: 'scripted' }),
  ended('reviewer', { status: 'failed', message: 'answer_invalid' }),
  ended('last', { status: 'skipped', message: 'skipped: reviewer did not succeed' }),
  { 'run.failed': { failure: { code: 'internal', incident: '', detail: '' } as never } },
)

describe("the events of a run in Orket's form", () => {
  const fold = OrketEvents.begin(RUN[0])
  const lines = RUN.flatMap((event) => fold?.add(event) ?? [])

  test('have its names, in the order of the facts', () => {
    expect(lines.map(({ event, role }) => `${event} ${role}`)).toEqual([
      'model_selected coder',
      'model_selected reviewer',
      'model_selected last',
      'session_start null',
      'step_start coder',
      'model_usage coder',
      'tool_call coder',
      'workspace_write coder',
      'tool_call coder',
      'tool_error coder',
      'model_usage coder',
      'notes_updated coder',
      'step_end coder',
      'step_skipped coder',
      'step_start reviewer',
      'step_end reviewer',
      'step_skipped last',
      'session_end null',
    ])
    expect(lines[4]).toMatchObject({ timestamp: '1970-01-01T00:00:01.000Z', run_id: 'r1', seq: 2 })
  })

  test('have its fields', () => {
    const data = (name: string) => lines.filter(({ event }) => event === name).map((line) => line.data)
    const coder = { role: 'coder', step_index: 0, node: 'coder' }
    const model = { model: 'm1', temperature: 0.5, seed: 4 }
    const none = { model: null, temperature: null, seed: null }
    expect(data('model_selected')).toEqual([
      { role: 'coder', ...model, backend: 'model', flow: 'f' },
      { role: 'reviewer', ...none, backend: 'scripted', flow: 'f' },
      { role: 'last', ...none, backend: 'model', flow: 'f' },
    ])
    expect(data('session_start')).toEqual([
      { flow: 'f', band: 'b', score: 's', venue: null, ...model, task: 'x'.repeat(100) },
    ])
    expect(data('step_start')).toMatchObject([
      { ...coder, ...model, round: 1 },
      { step_index: 2, ...none },
    ])
    expect(data('model_usage')[0]).toEqual({
      ...coder,
      model: 'm1',
      flow: 'f',
      input_tokens: null,
      output_tokens: null,
      total_tokens: null,
    })
    expect(data('tool_call')).toEqual([
      {
        ...coder,
        tool: 'write_file',
        args: { path: 'a.txt' },
        content_bytes: 3,
        result: { ok: true, path: 'a.txt', bytes: 3, sha256: 'aa', before: null },
      },
      {
        ...coder,
        tool: 'read_file',
        args: { path: '../x' },
        content_bytes: 0,
        result: { ok: false, error: 'outside', message: 'It lies outside.' },
      },
    ])
    expect(data('workspace_write')).toEqual([
      { path: 'a.txt', bytes: 3, sha256: 'aa', before: null, role: 'coder', step_index: 0 },
    ])
    expect(data('tool_error')).toEqual([{ ...coder, tool: 'list_dir', args: { path: '.' }, error: 'timed_out' }])
    expect(data('notes_updated')).toEqual([{ ...coder, update: ['n1'], current_notes: ['n1'] }])
    expect(data('step_end')).toEqual([
      { ...coder, output_preview: `Said.\n# ${'y'.repeat(192)}`, model: 'm1', status: 'success' },
      {
        role: 'reviewer',
        step_index: 2,
        node: 'reviewer',
        output_preview: 'answer_invalid',
        model: null,
        status: 'failed',
      },
    ])
    expect(data('step_skipped')).toMatchObject([
      { step_index: 1, reason: 'conductor_skip' },
      { step_index: 3, reason: 'not_reached' },
    ])
    expect(data('session_end')).toEqual([{ flow: 'f', steps: 4, skipped: 2, status: 'failed' }])
  })

  test('are those of orchestrations only', () => {
    const [job] = events({ 'run.queued': { workflow: 'job', name: 'x', input: {} } })
    expect(OrketEvents.begin(job)).toBeUndefined()
    expect(OrketEvents.begin(RUN[1])).toBeUndefined()
  })
})

describe('a transcript', () => {
  function entriesOf(all: readonly RunEvent[]) {
    const transcript = Transcript.begin(all[0])
    for (const event of all) transcript?.add(event)
    return transcript?.entries ?? []
  }

  test('has every step, those that were skipped, too, with what was said and called', () => {
    const call = (tool: string, path: string | null, ok: boolean) => ({ tool, path, ok })
    expect(entriesOf(RUN)).toEqual([
      {
        step_index: 0,
        role: 'coder',
        note: 'role=coder, tool=write_file, tool=read_file, tool=list_dir',
        summary: `Said.\n# ${'y'.repeat(300)}`,
        node: 'coder',
        iteration: 1,
        backend: 'model',
        model: 'm1',
        status: 'success',
        duration_ms: 11_000,
        tool_calls: [call('write_file', 'a.txt', true), call('read_file', '../x', false), call('list_dir', '.', false)],
      },
      expect.objectContaining({
        step_index: 1,
        status: 'skipped',
        summary: 'skipped by person:ada',
        duration_ms: null,
      }),
      expect.objectContaining({
        step_index: 2,
        status: 'failed',
        note: 'role=reviewer, error',
        backend: 'scripted',
        model: null,
      }),
      expect.objectContaining({ step_index: 3, status: 'skipped', backend: null }),
    ])
  })

  test('of a run that has come half way says what is open and what was never reached', () => {
    expect(entriesOf(RUN.slice(0, 2)).map(({ node, status, summary }) => `${node} ${status} ${summary}`)).toEqual([
      'coder open has not ended',
      'coder-2 skipped never reached',
      'reviewer skipped never reached',
      'last skipped never reached',
    ])
  })

  test('in Markdown quotes what was said, so that no heading of an agent passes for one of ours', () => {
    const head = {
      flow_name: 'f',
      run_id: 'r1',
      task: 'Do\n# it',
      workspace: '/w',
      status: 'failed',
      not_honoured: ['tempo heavy'],
    }
    const text = transcriptMarkdown(head, entriesOf(RUN))
    expect(text).toMatch(
      /^# f\n\n- run r1, failed\n- workspace \/w\n- not honoured: tempo heavy\n\n> Do\n> # it\n\n## 0 coder: coder\n/,
    )
    expect(text.match(/^#.*$/gm)).toEqual([
      '# f',
      '## 0 coder: coder',
      '## 1 coder-2: coder',
      '## 2 reviewer: reviewer',
      '## 3 last: last',
    ])
    expect(text).toContain('- read_file ../x: refused\n')
  })
})

describe("the calls of tools in Orket's form", () => {
  test('hold nothing of what stands in files or was printed, only how long it is', () => {
    const found = { path: 'a', line: 1, text: 'KEY=1' }
    const run = events(
      queued,
      began('coder'),
      called(1, 'read', { path: 'a' }),
      { 'step.succeeded': { number: 1, output: { ok: true, path: 'a', text: 'KEY=1\n' } } },
      called(2, 'edit', { path: 'a', edits: [{ old: 'KEY=1', new: 'KEY=2' }] }),
      { 'step.failed': { number: 2, failure: { code: 'timed_out', timeout_ms: 1 } as never } },
      called(3, 'search', { pattern: 'K' }),
      { 'step.succeeded': { number: 3, output: { ok: true, matches: [found] } } },
      called(4, 'run', { command: 'env' }),
      { 'step.succeeded': { number: 4, output: { ok: true, stdout: { bytes: 5, digest: 'd', text: 'KEY=1' } } } },
    )
    const fold = OrketEvents.begin(run[0])
    const told = JSON.stringify(run.flatMap((event) => fold?.add(event) ?? []))
    expect(told).not.toContain('KEY=')
    expect(told).toContain('"text":"(6 bytes)"')
    expect(told).toContain('"edits":[{"old":"(5 bytes)","new":"(5 bytes)"}]')
  })
})

describe('the transcript of a step for each item of a list', () => {
  test('has what was said and done for an item with that item, whichever is faster', () => {
    const reply = (number: number, item: number): Draft => ({
      'step.started': { number, name: `coder[${item}]:reply`, activity: 'reply', input: { node: 'coder' } },
    })
    const said = (number: number, text: string): Draft => ({
      'step.succeeded': { number, output: { text, calls: [] } },
    })
    const both = [began('coder', { item: 0 }), began('coder', { item: 1 }), reply(1, 0), reply(2, 1)]
    const ends = [said(2, 'second'), said(1, 'first'), ended('coder', { item: 1 }), ended('coder', { item: 0 })]
    const run = events(queued, ...both, ...ends)
    const transcript = Transcript.begin(run[0])
    for (const event of run) transcript?.add(event)
    const own = transcript?.entries.filter(({ node }) => node === 'coder')
    expect(own?.map(({ summary }) => summary)).toEqual(['first', 'second'])
  })
})
