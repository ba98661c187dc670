import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { saltedDigest } from '#base/digest.ts'
import { eventHash, type StoredEvent } from '#domain/proof/chain.ts'
import { VERDICT_EXITS } from '#domain/proof/verdict.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import {
  eraseRuns,
  type Machine,
  machine,
  must,
  newRunId,
  verifyText,
  writeParkedRun,
  writeRun,
} from './proof-store.ts'

const SECOND_VERIFIER = fileURLToPath(new URL('../second-verifier.mjs', import.meta.url))

// A store of 19 events: store.created, then three runs of 6; checkpoints over 7, 13 and 19 events.
let box: Machine
let runs: RunId[]
const second = () => runs[1] ?? ('' as RunId)

beforeEach(async () => {
  box = machine()
  runs = []
  await box.write(async (store) => {
    for (let run = 0; run < 3; run++) runs.push(await writeRun(store))
  })
})

afterEach(() => box[Symbol.dispose]())

const eraseSecond = async () => await box.write(async (store) => await eraseRuns(store, [second()]))
const more = async () => await box.write(async (store) => void (await writeRun(store)))
const damage = (...statements: readonly string[]) => box.damage((database) => database.exec(statements.join(';')))

/** What the verifier of the store, that of its export and the second one say. */
async function verdicts(run?: RunId) {
  const { verdict } = await box.verify({ run })
  const text = await box.exported(run)
  const exported = await verifyText(text, { key: box.key, keyFile: box.publicKey })
  return [VERDICT_EXITS[verdict.state], VERDICT_EXITS[exported.verdict.state], secondExit(text)]
}

function secondExit(text: string): number | null {
  const path = join(box.data, 'export.jsonl')
  writeFileSync(path, text)
  return spawnSync('node', [SECOND_VERIFIER, path, '--key', box.publicKey]).status
}

describe('an erased run', () => {
  test('is verified, and said to be erased by whom, when and in which event', async () => {
    await eraseSecond()
    const report = await box.verify()
    expect(report.verdict).toEqual({ state: 'verified', to: 20, later: 0 })
    expect(report.erased).toEqual({
      runs: 1,
      events: 6,
      listed: [{ run: second(), seq: 20, at: expect.any(Number), by: 'person:ada', events: 6, left: 0 }],
    })
    expect(report.remarks).toEqual([])
    expect(await verdicts()).toEqual([0, 0, 0])
  })

  test('is verified by its own segment, which goes on to the fact, and is over', async () => {
    await eraseSecond()
    await more()
    const report = await box.verify({ run: second() })
    expect(report).toMatchObject({ verdict: { state: 'verified', to: 20 }, erased: { runs: 1 }, remarks: [] })
    expect(await verdicts(second())).toEqual([0, 0, 0])
    for (const run of runs) expect(await verdicts(run)).toEqual([0, 0, 0])
  })

  test('has neither body nor salt, and all that the hash is over', async () => {
    const before = rows()
    await eraseSecond()
    const after = rows()
    for (const [index, { body, salt, ...fields }] of before.entries()) {
      const { body: newBody, salt: newSalt, ...left } = after[index] ?? ({} as StoredEvent)
      expect(left).toEqual(fields)
      const isErased = fields.runId === second()
      expect([newBody, newSalt]).toEqual(isErased ? [null, null] : [body, salt])
    }
  })

  test('is the same in its tables when these are made anew from what is left', async () => {
    await box.write(async (store) => {
      await eraseRuns(store, [runs[0] ?? second()])
      const parked = await writeParkedRun(store)
      await eraseRuns(store, [second(), parked])
      await writeRun(store)
    })
    const folded = tables()
    expect((await box.verify()).verdict.state).toBe('verified')
    await box.write(async (store) => void must(await store.rebuild()))
    expect(tables()).toEqual(folded)
  })

  test('gives later questions no other numbers', async () => {
    let asking: readonly RunId[] = []
    await box.write(async (store) => {
      asking = [await askingRun(store), await askingRun(store), await askingRun(store)]
      await eraseRuns(store, asking.slice(0, 2))
      await askingRun(store)
    })
    const folded = tables()
    expect(folded['questions']).toMatchObject([{ number: 3 }, { number: 4 }])
    expect((await box.verify()).verdict.state).toBe('verified')
    await box.write(async (store) => void must(await store.rebuild()))
    expect(tables()).toEqual(folded)
  })

  test('answers a replay with the fact, and readers with nothing but it', async () => {
    await eraseSecond()
    const store = await box.open()
    expect(await store.journal.history(second())).toMatchObject({
      ok: false,
      error: { code: 'body_erased', run: second(), by: 'person:ada', seq: 20 },
    })
    const { events, unreadable, erased } = must(await store.reader.runEvents(second(), 0))
    expect(events).toEqual([erased])
    expect(unreadable).toEqual([])
    expect(erased?.body.summary).toMatchObject({ name: 'build', status: 'succeeded' })
    expect(must(await store.reader.findRun(second()))).toMatchObject({ status: 'succeeded', erasedAt: erased?.at })
    store.close()
  })

  test('does not keep a process that was away from hearing what came for its own runs', async () => {
    const store = await box.open()
    const asking = await askingRun(store)
    await eraseRuns(store, [asking])
    expect(must(await store.journal.inboundAfter(0)).events).toEqual([])
    store.close()
  })
})

describe('an erasing that was interrupted', () => {
  const begin = async () =>
    await box.write(async (store) => {
      const eraser = await store.eraser()
      must(await eraser.begin(second(), { actor: 'person:ada', reason: { kind: 'keep', keep: 1 } }))
    })

  test('after its fact is verified with a remark, is shown as erased, and found by the next one', async () => {
    await begin()
    expect((await box.verify()).remarks).toEqual([{ kind: 'erasing_unfinished', runs: 1 }])
    expect(await verdicts()).toEqual([0, 0, 0])
    await box.write(async (store) => {
      expect(must(await store.reader.runEvents(second(), 0)).events).toHaveLength(1)
      const eraser = await store.eraser()
      expect(must(await eraser.begun())).toMatchObject([{ runId: second(), summary: { name: 'build' } }])
      must(await eraser.empty([second()]))
      expect(must(await eraser.begun())).toEqual([])
    })
    expect((await box.verify()).remarks).toEqual([])
  })

  test('has the same tables as one that is over', async () => {
    await begin()
    const begun = tables()
    expect((await box.verify()).verdict.state).toBe('verified')
    await box.write(async (store) => void must(await store.rebuild()))
    expect(tables()).toEqual(begun)
  })

  test('is the same as a body that was put back, and ended alike', async () => {
    box.copyTo('before')
    const saved = rows()
    await eraseSecond()
    box.damage((database) => {
      const put = database.prepare('UPDATE events SET body = ?, salt = ? WHERE seq = ?')
      for (const { seq, body, salt } of saved) if (seq === 9) put.run(body, salt, seq)
    })
    const report = await box.verify()
    expect(report).toMatchObject({ verdict: { state: 'verified' }, remarks: [{ kind: 'erasing_unfinished', runs: 1 }] })
    expect(report.erased.listed).toMatchObject([{ events: 6, left: 1 }])
    expect(await verdicts()).toEqual([0, 0, 0])
    await box.write(async (store) => {
      const eraser = await store.eraser()
      expect(must(await eraser.begun())).toHaveLength(1)
      must(await eraser.empty([second()]))
    })
    expect((await box.verify()).remarks).toEqual([])
  })

  test('is signed at once, also where others write in the same transaction', async () => {
    await box.write(async (store) => {
      const eraser = await store.eraser()
      const why = { actor: 'person:ada', reason: { kind: 'named' } } as const
      await Promise.all([eraser.begin(second(), why), writeRun(store), eraser.begin(runs[0] ?? second(), why)])
    })
    expect(await verdicts()).toEqual([0, 0, 0])
    expect((await box.verify()).erased.runs).toBe(2)
  })

  test('is begun once, however often it is asked for', async () => {
    await box.write(async (store) => {
      const eraser = await store.eraser()
      const why = { actor: 'person:ada', reason: { kind: 'named' } } as const
      const begun = await Promise.all([eraser.begin(second(), why), eraser.begin(second(), why)])
      expect(begun.map(must)).toEqual([true, false])
    })
    expect((await box.verify()).erased.runs).toBe(1)
  })
})

describe('a run that is not over', () => {
  test('cannot be erased', async () => {
    const store = await box.open()
    const open = await writeRun(store, { ends: false })
    const eraser = await store.eraser()
    expect(await eraser.begin(open, { actor: 'person:ada', reason: { kind: 'named' } })).toMatchObject({
      ok: false,
      error: { code: 'run_open', status: 'running' },
    })
    expect(await eraser.begin(newRunId(), { actor: 'person:ada', reason: { kind: 'named' } })).toMatchObject({
      error: { code: 'unknown_run' },
    })
    must(await eraser.empty([open]))
    store.close()
    expect((await box.verify()).verdict).toEqual({ state: 'verified', to: 19, later: 4 })
  })
})

// After erasing the second run: events 8 to 13 are without bodies, 20 is the fact, with a checkpoint over 20.
describe('it is altered, to both verifiers and in an export,', () => {
  const EMPTY = (where: string) => `UPDATE events SET body = NULL, salt = NULL WHERE ${where}`

  test.each([
    ['where bodies of another run are gone', 14, EMPTY('seq BETWEEN 14 AND 19')],
    ['where one body of another run is gone', 16, EMPTY('seq = 16')],
    ['where the fact itself has no body', 20, EMPTY('seq = 20')],
    ['where a body of the store itself is gone', 1, EMPTY('seq = 1')],
    ['where a salt was left behind', 9, `UPDATE events SET salt = '${'0'.repeat(32)}' WHERE seq = 9`],
    ['where a body was put back without its salt', 9, `UPDATE events SET body = '{}' WHERE seq = 9`],
    ['where another body was put back', 9, `UPDATE events SET body = '{}', salt = '${'0'.repeat(32)}' WHERE seq = 9`],
    ['where the fact was deleted', 20, 'DELETE FROM events WHERE seq = 20'],
    ['where the fact erases another run', 20, `UPDATE events SET run_id = 'x' WHERE seq = 20`],
    ['where another time of erasing is told', 20, 'UPDATE events SET at = at + 1 WHERE seq = 20'],
    ['where somebody else is said to have erased it', 20, `UPDATE events SET actor = 'person:eve' WHERE seq = 20`],
  ])('%s', async (_, seq, sql) => {
    await eraseSecond()
    await more()
    damage(sql)
    expect((await box.verify()).verdict).toMatchObject({ state: 'altered', seq })
    expect(await verdicts()).toEqual([4, 4, 4])
  })

  test('and the checkpoint that holds is one before what is missing', async () => {
    damage(EMPTY('seq BETWEEN 8 AND 13'))
    const report = await box.verify()
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 8 })
    expect(report.checkpoint?.size).toBe(7)
  })

  test('where the fact is chained, and nobody signed it', async () => {
    box.damage((database) => {
      database.exec(EMPTY('seq BETWEEN 8 AND 13'))
      chainFact(database, second(), 6)
    })
    const { verdict, faults } = await box.verify()
    expect(verdict).toMatchObject({ state: 'altered', seq: 8, reason: expect.stringContaining('not signed') })
    expect(faults).toContainEqual(expect.objectContaining({ state: 'behind' }))
    expect(await verdicts()).toEqual([4, 4, 4])
  })

  test('where such a fact was signed over later, by whoever did not write it', async () => {
    box.damage((database) => {
      database.exec(EMPTY('seq BETWEEN 8 AND 13'))
      chainFact(database, second(), 6)
    })
    await more()
    const { verdict, faults } = await box.verify()
    expect(verdict).toMatchObject({ state: 'altered', seq: 8 })
    expect(faults).toContainEqual(expect.objectContaining({ seq: 20, reason: expect.stringContaining('at once') }))
    expect(await verdicts()).toEqual([4, 4, 4])
    expect(await verdicts(second())).toEqual([4, 4, 4])
  })

  test('where such a fact is of another run than the one whose bodies are gone', async () => {
    await eraseSecond()
    box.damage((database) => {
      database.exec(EMPTY('seq BETWEEN 14 AND 19'))
      chainFact(database, runs[2] ?? second(), 6)
    })
    expect(await verdicts()).toEqual([4, 4, 4])
  })

  test('where a signed fact is about a run that was not over', async () => {
    // A program that has the key and breaks the rule.
    const open = await forgedFactOfOpenRun()
    damage(EMPTY(`run_id = '${open}' AND type <> 'run.erased'`))
    expect((await box.verify()).verdict).toMatchObject({
      state: 'altered',
      seq: 24,
      reason: expect.stringContaining('not over'),
    })
    expect(await verdicts()).toEqual([4, 4, 4])
  })

  test('where a signed fact does not reach to the event before it', async () => {
    await box.write(async (store) => await badFact(store, second(), 3))
    expect((await box.verify()).verdict).toMatchObject({ state: 'altered', seq: 20 })
    expect(await verdicts()).toEqual([4, 4, 4])
  })

  test('where a run goes on after it was erased', async () => {
    await eraseSecond()
    await box.write(async (store) => await badFact(store, second(), 7))
    expect((await box.verify()).verdict).toMatchObject({ state: 'altered', seq: 21 })
    expect(await verdicts()).toEqual([4, 4, 4])
  })

  /** Writes a fact through the journal, which would write no such thing for a run that is over. */
  async function badFact(store: Awaited<ReturnType<Machine['open']>>, runId: RunId, through: number) {
    box.damage((database) => database.exec(`UPDATE runs SET status = 'running', epoch = 1 WHERE id = '${runId}'`))
    const draft = factDraft(through)
    const append = { runId, take: 'own', epoch: 1, actor: 'person:ada', seenRunSeq: 99, events: [draft] } as const
    must(await store.journal.append(append))
  }

  async function forgedFactOfOpenRun(): Promise<RunId> {
    let open: RunId | undefined
    await box.write(async (store) => {
      open = await writeRun(store, { ends: false })
      await badFact(store, open, 4)
    })
    return open ?? second()
  }
})

describe('an export', () => {
  test('of one run is altered where an erased fact of another run stands in it', async () => {
    await eraseSecond()
    const [text, third] = [await box.exported(second()), runs[2] ?? second()]
    const swapped = text
      .split('\n')
      .map((line) => (line.includes('run.erased') ? line.replaceAll(second(), third) : line))
      .join('\n')
    const report = await verifyText(swapped, { key: box.key, keyFile: box.publicKey })
    expect([VERDICT_EXITS[report.verdict.state], secondExit(swapped)]).toEqual([4, 4])
  })

  test('of one run is altered where its header names another run', async () => {
    await eraseSecond()
    const text = (await box.exported(second())).replace(`"run":"${second()}"`, `"run":"${runs[2]}"`)
    const report = await verifyText(text, { key: box.key, keyFile: box.publicKey })
    expect([VERDICT_EXITS[report.verdict.state], secondExit(text)]).toEqual([4, 4])
  })

  test('that was made before is verified still, and one that was cut before the fact is behind', async () => {
    const before = await box.exported()
    await eraseSecond()
    expect((await verifyText(before, { key: box.key, keyFile: box.publicKey })).verdict.state).toBe('verified')
    const lines = (await box.exported()).split('\n')
    const cut = lines.slice(0, -3).concat('').join('\n')
    const report = await verifyText(cut, { key: box.key, keyFile: box.publicKey })
    expect([VERDICT_EXITS[report.verdict.state], secondExit(cut)]).toEqual([5, 5])
  })
})

describe('a fact that this machine did not sign', () => {
  test('moves nobody to empty a body', async () => {
    box.damage((database) => chainFact(database, second(), 6))
    await box.write(async (store) => {
      must(await store.rebuild())
      const eraser = await store.eraser()
      expect(must(await eraser.begun())).toEqual([])
    })
    expect(rows().filter(({ body }) => body === null)).toEqual([])
  })

  test('stops the next erasing, which would sign over it', async () => {
    box.damage((database) => chainFact(database, second(), 6))
    await box.write(async (store) => {
      const eraser = await store.eraser()
      const begun = await eraser.begin(runs[0] ?? second(), { actor: 'person:ada', reason: { kind: 'named' } })
      expect(begun).toMatchObject({ ok: false, error: { code: 'store_damaged' } })
    })
    expect((await box.verify()).erased.runs).toBe(1)
    expect((await box.verify()).verdict).toMatchObject({ state: 'behind', known: 20 })
  })

  test('signed by another key is not believed either', async () => {
    await eraseSecond()
    using other = machine()
    must(await other.key.signer())
    const report = await box.verify({ keyFile: other.publicKey })
    expect(report.verdict.state).toBe('unknown_key')
  })
})

function rows(): readonly StoredEvent[] {
  let found: readonly StoredEvent[] = []
  box.damage((database) => {
    found = storedEvents(database)
  })
  return found
}

function storedEvents(database: DatabaseSync): readonly StoredEvent[] {
  return database
    .prepare(
      `SELECT seq, stream, run_id AS runId, run_seq AS runSeq, at, actor, tenant, type, version, epoch,
       dedupe_key AS dedupeKey, body, salt, body_digest AS bodyDigest, prev_hash AS prevHash, hash
       FROM events WHERE seq <= 19 OR type = 'run.erased' ORDER BY seq`,
    )
    .all() as unknown as readonly StoredEvent[]
}

function tables(): Readonly<Record<string, readonly unknown[]>> {
  const found: Record<string, readonly unknown[]> = {}
  box.damage((database) => {
    for (const table of ['runs', 'run_jobs', 'waits', 'questions', 'last_jobs', 'counters'])
      found[table] = database
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => ({ ...row }))
  })
  return found
}

function factDraft(through: number): EventDraft {
  const summary = { workflow: 'job', name: 'build', status: 'succeeded', queued_at: 1, started_at: 1, ended_at: 1 }
  const body = { through, reason: { kind: 'named' }, summary: { ...summary, jobs: [], ends: [] } }
  return { type: 'run.erased', body } as Extract<EventDraft, { readonly type: 'run.erased' }>
}

/** What anybody can do who has not the key: a fact right behind the last event. */
function chainFact(database: DatabaseSync, runId: RunId, through: number): void {
  const last = database.prepare('SELECT * FROM events ORDER BY seq DESC LIMIT 1').get() as Record<string, never>
  const [body, salt] = [JSON.stringify(factDraft(through).body), 'a'.repeat(32)]
  const fields = {
    ...{ seq: Number(last['seq']) + 1, stream: last['stream'], runId, runSeq: through + 1, at: Number(last['at']) + 1 },
    ...{ actor: 'person:ada', tenant: 'local', type: 'run.erased', version: 1, epoch: 1, dedupeKey: null },
    ...{ bodyDigest: saltedDigest(salt, body), prevHash: String(last['hash']) },
  }
  const hash = eventHash(fields as unknown as StoredEvent)
  const { seq, stream, runSeq, at, actor, tenant, type, version, epoch, dedupeKey, bodyDigest, prevHash } = fields
  database
    .prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(
      ...([seq, stream, runId, runSeq, at, actor, tenant, type, version, epoch, dedupeKey] as never[]),
      ...[body, salt, bodyDigest, prevHash, hash],
    )
}

/** A run that asked a question, was answered and is over. */
async function askingRun({ journal }: Awaited<ReturnType<Machine['open']>>): Promise<RunId> {
  const runId = newRunId()
  const queued = { workflow: 'program', workflow_version: 1, name: 'asking', input: {}, resume: 'ask', config: null }
  const question = {
    id: `q${runId}`,
    text: 'secret?',
    choices: ['yes'],
    asker: 'job:x',
    addressee: 'a',
    deadline: null,
  }
  const events = [
    { type: 'run.queued', body: queued },
    { type: 'run.started', body: { owner: 'host-1' } },
    { type: 'wait.opened', body: { number: 1, signal: `answer:q${runId}`, question } },
  ] as unknown as readonly EventDraft[]
  const own = { runId, epoch: 1, actor: 'person:ada', seenRunSeq: 99 } as const
  must(await journal.append({ ...own, take: 'create', events }))
  const draft = { type: 'signal.received', body: { signal: `answer:q${runId}`, payload: { choice: 'yes' } } } as const
  must(await journal.deliver({ runId, actor: 'person:ada', draft }))
  must(
    await journal.append({
      ...own,
      take: 'own',
      events: [
        { type: 'signal.taken', body: { number: 1, signal_seq: 4 } },
        { type: 'run.succeeded', body: { output: null } },
      ],
    }),
  )
  return runId
}
