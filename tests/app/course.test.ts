import { expect, test } from 'vitest'
import { courseOf as wholeCourse } from '#app/course.ts'
import { sha256 } from '#base/digest.ts'
import type { Tenant } from '#domain/people/principal.ts'
import type { EventDraft, RunEvent } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'

const agent = (id: string, needs: readonly string[]) => ({ id, kind: 'agent', needs, with: { agent: id } })

const QUEUED: EventDraft = {
  type: 'run.queued',
  body: {
    workflow: 'orchestration',
    workflow_version: 1,
    name: 'o',
    input: { name: 'o', goal: 'g', nodes: [agent('coder', []), agent('judge', ['coder'])] },
    resume: 'ask',
    config: null,
  },
}

/** The events of a run, a millisecond apart. */
function run(drafts: readonly EventDraft[]): readonly RunEvent[] {
  return [QUEUED, ...drafts].map((draft, index) => {
    const place = { seq: index + 1, runId: 'r' as RunId, runSeq: index + 1, at: index, actor: 'system' }
    return { ...place, tenant: 'local' as Tenant, epoch: 1, dedupeKey: null, ...draft } as RunEvent
  })
}

const courseOf = (events: readonly RunEvent[]) => wholeCourse(events, () => undefined)

const started = (node: string, round = 1, item: number | null = null): EventDraft => ({
  type: 'node.started',
  body: { number: 0, node, round, item, kind: 'agent', role: node, backend: 'scripted' },
})

const ended = (node: string, round: number, rest: object = {}): EventDraft => {
  const end = { status: 'success' as const, message: 'done', writes: {}, failure: null }
  return { type: 'node.ended', body: { number: 0, node, round, item: null, ...end, ...rest } }
}

/** A tool call that changed a file from one text to another. */
const changing = (
  number: number,
  { tool: name, args, before, after }: { tool: string; args: object; before: string | null; after: string },
): readonly EventDraft[] => {
  const path = 'a.txt'
  const input = { node: 'coder', tool: name, args: { path, ...args } } as never
  const digest = (text: string | null) => (text === null ? null : sha256(Buffer.from(text)))
  const change = { path, root: '/w', bytes: after.length, sha256: digest(after), before: digest(before), mode: 420 }
  const [begun, done] = tool(number, `coder:${name} ${path}`, { ok: true, ...change, made: [] })
  return [{ ...begun, body: { ...begun?.body, input } } as EventDraft, done as EventDraft]
}

const tool = (number: number, name: string, output: object): readonly EventDraft[] => [
  {
    type: 'step.started',
    body: { number, name, activity: 'tool', input: {}, input_digest: '' as never, idempotent: true },
  },
  { type: 'step.succeeded', body: { number, name, activity: 'tool', attempt: 1, output: output as never } },
]

test('a step stands with its node and round, and says what came of it', () => {
  const course = courseOf(
    run([
      started('coder', 2),
      ...tool(1, 'coder:write src/a.ts', { ok: true, path: 'src/a.ts', bytes: 12, before: null }),
      ...tool(2, 'coder:write .env', { ok: false, error: 'protected', message: 'not for agents' }),
      ...tool(3, 'coder:run test', { ok: true, exit: 1 }),
      ...tool(4, 'coder:search x', { ok: true, matches: [1] }),
      ended('coder', 2),
    ]),
  )
  const moments = course?.timeline.map(({ what, status, note, round }) => [round, what, status, note])
  expect(moments).toEqual([
    [2, 'begins', null, 'coder, scripted'],
    [2, 'write src/a.ts', 'success', 'made, 12 bytes'],
    [2, 'write .env', 'refused', 'not for agents'],
    [2, 'run test', 'success', 'exit 1'],
    [2, 'search x', 'success', '1 match'],
    [2, 'ended', 'success', 'done'],
  ])
})

test('a step of a node that works for several items is of none of them', () => {
  const drafts = [started('coder', 1, 0), started('coder', 1, 1), ...tool(1, 'coder:read a', { ok: true, lines: 2 })]
  expect(courseOf(run(drafts))?.timeline.at(-1)).toMatchObject({ node: 'coder', item: null, note: '2 lines' })
})

test('a step that is named after no node is whose works alone, or nobody’s', () => {
  const step: EventDraft = {
    type: 'step.started',
    body: { number: 1, name: 'lint', activity: 'command', input: {}, input_digest: '' as never, idempotent: true },
  }
  expect(courseOf(run([started('coder'), step]))?.timeline.at(-1)).toMatchObject({ node: 'coder', what: 'job lint' })
  expect(courseOf(run([started('coder'), started('judge'), step]))?.timeline.at(-1)?.node).toBeNull()
})

test('each verdict is kept, with whose it is and why', () => {
  const rejected = { 'review.status': 'rejected', 'review.report': 'a test fails' }
  const findings = [{ path: 'a.ts', line: 2, text: 'x', why: 'is wrong', holds: true }, 'slow']
  const course = courseOf(
    run([
      started('judge', 1),
      ended('judge', 1, { status: 'rejected', writes: { ...rejected, 'review.findings': findings } }),
      started('judge', 2),
      ended('judge', 2, { writes: { 'review.status': 'passed', 'review.report': 'fine' } }),
    ]),
  )
  expect(course?.verdicts).toEqual([
    {
      node: 'judge',
      writer: 'judge',
      backend: 'scripted',
      round: 1,
      item: null,
      at: 2,
      status: 'rejected',
      report: 'a test fails',
      findings: ['a.ts:2: is wrong', 'slow'],
    },
    expect.objectContaining({ round: 2, status: 'passed', report: 'fine', findings: [] }),
  ])
})

test('a command of the Conductor is told with who gave it', () => {
  const command = { do: 'skip', node: 'coder' }
  const obeyed: EventDraft = { type: 'conductor.obeyed', body: { number: 0, node: 'coder', by: 'rule:1', command } }
  expect(courseOf(run([obeyed]))?.timeline).toMatchObject([{ kind: 'steering', what: 'skip coder', note: 'by rule:1' }])
})

test('a changed file is told with who wrote it and how it differs, from what is kept and what was asked for', () => {
  const events = run([
    started('coder', 1),
    ...changing(1, { tool: 'edit', args: { edits: [{ old: 'b', new: 'c' }] }, before: 'a\nb\n', after: 'a\nc\n' }),
    ended('coder', 1),
    started('coder', 2),
    ...changing(2, { tool: 'edit', args: { edits: [{ old: 'c', new: 'd' }] }, before: 'a\nc\n', after: 'a\nd\n' }),
    ended('coder', 2),
  ])
  const kept = new Map(['a\nb\n', 'a\nc\n'].map((text) => [sha256(Buffer.from(text)) as string, Buffer.from(text)]))
  expect(wholeCourse(events, (digest) => kept.get(digest))?.files).toMatchObject([
    {
      root: '/w',
      path: 'a.txt',
      writes: [
        { node: 'coder', round: 1 },
        { node: 'coder', round: 2 },
      ],
      added: 1,
      removed: 1,
      diff: ['@@ -1,2 +1,2 @@', ' a', '-b', '+d'],
    },
  ])
  // What it was before is gone: nothing is made up in its place.
  expect(courseOf(events)?.files).toMatchObject([{ added: null, removed: null, diff: null }])
})

test('a file that was made differs from nothing', () => {
  const drafts = [
    started('coder'),
    ...changing(1, { tool: 'write', args: { text: 'x\n' }, before: null, after: 'x\n' }),
  ]
  expect(courseOf(run(drafts))?.files[0]?.diff).toEqual(['@@ -0,0 +1 @@', '+x'])
})

test('what an agent says stands with its reply', () => {
  const reply = (number: number, output: object): readonly EventDraft[] => [
    {
      type: 'step.started',
      body: {
        number,
        name: 'coder:reply',
        activity: 'reply',
        input: { backend: 'scripted' },
        input_digest: '' as never,
        idempotent: true,
      },
    },
    {
      type: 'step.succeeded',
      body: { number, name: 'coder:reply', activity: 'reply', attempt: 1, output: output as never },
    },
  ]
  const said = [
    ...reply(1, { text: 'I look first', calls: [], output: null, broken: '' }),
    ...reply(2, { text: '', calls: [], output: { verdict: 'passed', reasons: [] }, broken: '' }),
    ...reply(3, { text: '', calls: [], output: { tasks: [] }, broken: '' }),
  ]
  const moments = courseOf(run([started('coder'), ...said]))?.timeline.slice(1)
  expect(moments?.map(({ what, note }) => `${what}: ${note}`)).toEqual([
    'scripted reply: I look first',
    'scripted reply: says: passed',
    'scripted reply: hands in its work',
  ])
})

test('a run of something else has no such course', () => {
  expect(courseOf([])).toBeUndefined()
})
