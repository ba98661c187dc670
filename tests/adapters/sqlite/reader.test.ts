import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WritableStore } from '#adapters/sqlite/store.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import type { Json } from '#base/json.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { type Machine, machine, must, newRunId } from '../../app/proof-store.ts'

let box: Machine
let store: WritableStore
beforeEach(async () => {
  box = machine()
  store = await box.open()
})
afterEach(() => {
  store.close()
  box[Symbol.dispose]()
})

const STARTED: EventDraft = { type: 'run.started', body: { owner: '01k9aaaaaaaaaaaaaaaaaaaaaa' } }

function queued(name: string, input: Json, workflow = 'job'): EventDraft {
  return { type: 'run.queued', body: { workflow, workflow_version: 1, name, input, resume: 'ask', config: null } }
}

function jobs(...names: readonly string[]): Json {
  return { requested: names, jobs: names.map((name) => ({ name })), parallel: 1 }
}

async function write(...events: readonly EventDraft[]): Promise<RunId> {
  const runId = newRunId()
  const own = { runId, epoch: 1, actor: 'person:ada', seenRunSeq: 99 } as const
  must(await store.journal.append({ ...own, take: 'create', events }))
  return runId
}

const named = async (name: string, more = {}) =>
  must(await store.reader.listRuns({ name, limit: 10, ...more })).map(({ id }) => id)

describe('runs', () => {
  test('are found by their name and by any of their jobs, the newest first', async () => {
    const both = await write(queued('lint test', jobs('install', 'lint', 'test')), STARTED)
    const one = await write(queued('test', jobs('install', 'test')))
    expect(await named('test')).toEqual([one, both])
    expect(await named('install')).toEqual([one, both])
    expect(await named('lint')).toEqual([both])
    expect(await named('lint test')).toEqual([both])
    expect(await named('none')).toEqual([])
    expect(await named('test', { limit: 1 })).toEqual([one])
    expect(await named('test', { status: 'queued' })).toEqual([one])
    expect(await named('install', { status: 'interrupted' })).toEqual([both])
    expect(must(await store.reader.findRun('lint')).id).toBe(both)
    expect(must(await store.reader.findRun('install')).id).toBe(one)
    expect(await store.reader.findRun('none')).toMatchObject({ error: { code: 'unknown_run', run: 'none' } })
  })

  test('whose input has another shape are found by their name alone', async () => {
    const runs: RunId[] = []
    for (const input of [null, 'x', {}, { jobs: 1 }, { jobs: [null, 1, {}, { name: 2 }] }])
      runs.unshift(await write(queued('odd', input)))
    runs.unshift(await write(queued('odd', jobs('hidden'), 'other')))
    expect(await named('odd')).toEqual(runs)
    expect(await named('hidden')).toEqual([])
    expect((await box.verify()).verdict.state).toBe('verified')
  })

  test('are listed in pages, the oldest first', async () => {
    const runs: RunId[] = []
    for (let run = 0; run < 5; run++) runs.push(await write(queued('a', jobs('a'))))
    const page = async (after: RunId | undefined) => must(await store.reader.runsAfter(after, 2)).map(({ id }) => id)
    expect([await page(undefined), await page(runs[1]), await page(runs[3]), await page(runs[4])]).toEqual([
      runs.slice(0, 2),
      runs.slice(2, 4),
      runs.slice(4),
      [],
    ])
  })
})

function opened(number: number, deadline: number | null): EventDraft {
  const id = `q${number}-${deadline}`
  const question = { id, text: 'Go on?', choices: ['yes', 'no'], asker: 'a', addressee: 'anyone', deadline }
  return { type: 'wait.opened', body: { number, signal: `answer:${id}`, question } }
}

describe('a question', () => {
  const asked = async () => {
    const found: (AskedQuestion | undefined)[] = []
    for (const number of [1, 2, 3]) found.push(must(await store.reader.findQuestion(number)))
    return found
  }

  test('whose wait is given up has expired only if its time was up', async () => {
    const waits = [opened(1, 1000), opened(2, box.clock.time + 1_000_000), opened(3, null)]
    const closed = [1, 2, 3].map((number): EventDraft => ({ type: 'wait.closed', body: { number } }))
    await write(queued('a', jobs('a')), ...waits, ...closed)
    expect((await asked()).map((question) => question?.state)).toEqual(['expired', 'withdrawn', 'withdrawn'])
  })

  test('of a paused run is answered by whoever goes on with the run', async () => {
    const question = { id: 'q', text: 'Again?', choices: ['resume'], asker: 'a', addressee: 'anyone', deadline: null }
    const paused: EventDraft = {
      type: 'run.paused',
      body: { reason: { kind: 'resumed_too_often', times: 3 }, question },
    }
    const resumed: EventDraft = { type: 'run.resumed', body: { owner: 'x', unattended: false, restarted: [] } }
    await write(queued('a', jobs('a')), paused, resumed)
    expect((await asked())[0]).toMatchObject({ state: 'answered', choice: 'resume', closedBy: 'person:ada' })
  })
})
