import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { err } from '#base/result.ts'
import { VERDICT_EXITS } from '#domain/proof/verdict.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'
import { type Machine, machine, must, newRunId, writeRun } from './proof-store.ts'
import { rehash } from './rewrite-log.ts'

// A store of 19 events: store.created, then three runs of 6; checkpoints over 7, 13 and 19 events.
let box: Machine
let runs: RunId[]

const ENDED: EventDraft = { type: 'run.succeeded', body: { output: null } }

beforeEach(async () => {
  box = machine()
  runs = []
  await box.write(async (store) => {
    for (let run = 0; run < 3; run++) runs.push(await writeRun(store))
  })
})

afterEach(() => box[Symbol.dispose]())

const damaged = async (work: (database: DatabaseSync) => void) => {
  box.damage(work)
  return await box.verify()
}
const sql = (...statements: readonly string[]) => damaged((database) => database.exec(statements.join(';')))
const saved = (name: string, text: string) => {
  const path = join(box.data, name)
  writeFileSync(path, text)
  return path
}

describe('a store as it was written', () => {
  test('is verified to its last checkpoint, and gives that and the key to be kept elsewhere', async () => {
    const report = await box.verify()
    expect(report.verdict).toEqual({ state: 'verified', to: 19, later: 0 })
    expect(report).toMatchObject({ faults: [], unlisted: 0, events: 19, last: 19, run: null, remarks: [] })
    expect(report.checkpoint).toMatchObject({ size: 19, keyHash: report.key?.keyHash })
    expect(report.key?.pem).toBe(readFileSync(box.publicKey, 'utf8'))
  })

  test('is verified with events that are chained and not yet signed', async () => {
    await box.write(async (store) => void (await writeRun(store, { ends: false })))
    expect((await box.verify()).verdict).toEqual({ state: 'verified', to: 19, later: 4 })
  })

  test('is verified while it is being written to', async () => {
    const store = await box.open()
    const writing = (async () => {
      for (let run = 0; run < 30; run++) await writeRun(store)
    })()
    for (let round = 0; round < 10; round++) expect((await box.verify()).verdict.state).toBe('verified')
    await writing
    store.close()
    expect((await box.verify()).verdict).toEqual({ state: 'verified', to: 199, later: 0 })
  })

  test('is verified when it has thousands of events and checkpoints, more than come in one page', async () => {
    await box.write(async (store) => {
      await Promise.all(Array.from({ length: 900 }, () => writeRun(store)))
    })
    expect(await box.verify()).toMatchObject({ verdict: { state: 'verified', to: 19 + 5400, later: 0 }, events: 5419 })
  })

  test('is verified when a checkpoint in the middle is gone, since the next one speaks for its events', async () => {
    expect((await sql('DELETE FROM checkpoints WHERE size = 13')).verdict).toEqual({
      state: 'verified',
      to: 19,
      later: 0,
    })
  })

  test('is verified to 0 when nothing was signed, and says so', async () => {
    using fresh = machine()
    await fresh.write(async (store) => void (await writeRun(store, { ends: false })))
    const report = await fresh.verify()
    expect(report).toMatchObject({ verdict: { state: 'verified', to: 0, later: 5 }, checkpoint: null })
    expect(report.remarks).toEqual([{ kind: 'no_mark' }, { kind: 'nothing_signed' }])
  })

  test('is told from no store at all', async () => {
    rmSync(box.directory, { recursive: true })
    expect(await box.tryVerify()).toMatchObject({ ok: false, error: { code: 'store_missing' } })
  })

  test('is verified when the clock of its machine went back, with a remark', async () => {
    box.clock.time -= 60_000
    await box.write(async (store) => void (await writeRun(store)))
    const report = await box.verify()
    expect(report.verdict).toEqual({ state: 'verified', to: 25, later: 0 })
    expect(report.remarks).toEqual([{ kind: 'clock_went_back', first: 20, times: 1, largestMs: expect.any(Number) }])
  })
})

describe('a changed event is altered, and named:', () => {
  const values: Readonly<Record<string, string>> = {
    stream: `'local/other'`,
    run_id: `'x'`,
    run_seq: '77',
    at: 'at + 1',
    actor: `'person:eve'`,
    tenant: `'other'`,
    type: `'run.failed'`,
    version: '2',
    epoch: 'epoch + 1',
    dedupe_key: `'x'`,
    body: `replace(body, 'hello', 'hullo')`,
    salt: `'0' || substr(salt, 1, 31)`,
    body_digest: `substr(body_digest, 2) || 'g'`,
    prev_hash: `upper(prev_hash)`,
    hash: `substr(hash, 2) || '0'`,
  }
  // Event 10 is the second run's step.started.
  test.each(Object.entries(values))('column %s', async (column, value) => {
    const report = await sql(`UPDATE events SET ${column} = ${value} WHERE seq = 10`)
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 10 })
    expect(report.checkpoint?.size).toBe(7)
  })

  test('every column of the table', async () => {
    let columns: string[] = []
    box.damage((database) => {
      columns = database
        .prepare(`SELECT name FROM pragma_table_info('events')`)
        .all()
        .map((row) => String(row['name']))
    })
    expect(columns.filter((column) => column !== 'seq')).toEqual(Object.keys(values))
  })

  test.each(['body', 'salt'])('%s removed', async (column) => {
    expect((await sql(`UPDATE events SET ${column} = NULL WHERE seq = 10`)).verdict).toMatchObject({
      state: 'altered',
      seq: 10,
    })
  })

  test('body and salt removed together, since nothing says that they were erased', async () => {
    const report = await sql('UPDATE events SET body = NULL, salt = NULL WHERE seq = 10')
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 10 })
  })

  test('its number', async () => {
    expect((await sql('UPDATE events SET seq = 500 WHERE seq = 19')).verdict).toMatchObject({
      state: 'altered',
      seq: 19,
    })
  })

  test('the last event', async () => {
    expect((await sql(`UPDATE events SET actor = 'x' WHERE seq = 19`)).verdict).toMatchObject({
      state: 'altered',
      seq: 19,
    })
  })

  test('the first event', async () => {
    expect((await sql(`UPDATE events SET actor = 'x' WHERE seq = 1`)).verdict).toMatchObject({
      state: 'altered',
      seq: 1,
    })
  })

  test('an event that is not yet signed', async () => {
    await box.write(async (store) => void (await writeRun(store, { ends: false })))
    expect((await sql(`UPDATE events SET epoch = 9 WHERE seq = 21`)).verdict).toMatchObject({
      state: 'altered',
      seq: 21,
    })
  })

  test('a type that only a table without its rules can hold', async () => {
    const report = await sql(
      'CREATE TABLE loose AS SELECT * FROM events; DROP TABLE events; ALTER TABLE loose RENAME TO events',
      'UPDATE events SET run_seq = 9e999 WHERE seq = 1',
    )
    expect(report.verdict).toMatchObject({ state: 'unreadable', reason: 'its table events is not ours' })
  })

  test.each([
    'CREATE VIEW later AS SELECT 1',
    'CREATE TRIGGER sly AFTER INSERT ON events BEGIN SELECT 1; END',
    'ALTER TABLE events RENAME TO kept; CREATE VIEW events AS SELECT * FROM kept',
    'ALTER TABLE checkpoints ADD COLUMN more TEXT',
  ])('a store of another make: %s', async (change) => {
    expect((await sql(change)).verdict).toMatchObject({
      state: 'unreadable',
      reason: expect.stringContaining('not ours'),
    })
  })

  test('all of several, and events without a fault between them are none', async () => {
    const report = await sql(`UPDATE events SET actor = 'x' WHERE seq IN (3, 11, 17)`)
    expect(report.faults.map((fault) => fault.state === 'altered' && fault.seq)).toEqual([3, 11, 17])
  })

  test('thousands of them by number', async () => {
    await box.write(async (store) => void (await Promise.all(Array.from({ length: 400 }, () => writeRun(store)))))
    const report = await sql(`UPDATE events SET actor = 'x'`)
    expect(report.faults.filter(({ state }) => state === 'altered')).toHaveLength(100)
    expect(report.unlisted).toBe(2419 - 100)
  })
})

describe('a history that was computed anew', () => {
  test('is found at the first checkpoint after the change', async () => {
    const report = await damaged((database) => {
      database.exec(`UPDATE events SET body = replace(body, 'hello', 'hullo') WHERE seq = 10`)
      rehash(database)
    })
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 13 })
    expect(report.checkpoint?.size).toBe(7)
  })

  test('is found by the mark where its checkpoints were removed', async () => {
    const report = await damaged((database) => {
      database.exec(`UPDATE events SET body = replace(body, 'hello', 'hullo') WHERE seq = 10; DELETE FROM checkpoints`)
      rehash(database)
    })
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 19, reason: expect.stringContaining('this machine') })
  })

  test('is found where its checkpoints and the mark were removed, since ended runs must be signed', async () => {
    rmSync(join(box.data, 'marks'), { recursive: true })
    const report = await damaged((database) => {
      database.exec(`UPDATE events SET actor = 'person:eve' WHERE seq = 15; DELETE FROM checkpoints WHERE size > 13`)
      rehash(database)
    })
    expect(report.verdict).toMatchObject({ state: 'behind', known: 19, found: 13 })
  })

  test('is found by a checkpoint that was kept elsewhere, though nothing else is left', async () => {
    const kept = (await box.verify()).checkpoint?.note ?? ''
    rmSync(join(box.data, 'marks'), { recursive: true })
    const report = await damagedKnowing(kept, (database) => {
      database.exec(`DELETE FROM checkpoints; UPDATE events SET type = 'step.x' WHERE type = 'run.succeeded'`)
      rehash(database)
    })
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 19, reason: expect.stringContaining('given') })
  })

  test('is found where it claims to begin another store', async () => {
    const report = await damaged((database) => {
      database.exec(`UPDATE events SET stream = 'local/01kab7d6s9f3v2m8qxw5r4t0ez'`)
      rehash(database)
    })
    expect(report.verdict).toMatchObject({
      state: 'altered',
      seq: 1,
      reason: 'it is not the first event of this store',
    })
  })
})

const damagedKnowing = async (note: string, work: (database: DatabaseSync) => void) => {
  box.damage(work)
  return await box.verify({ known: { path: 'kept', note } })
}

describe('the order of events', () => {
  test('shows a missing event in the middle', async () => {
    expect((await sql('DELETE FROM events WHERE seq = 10')).verdict).toMatchObject({
      state: 'altered',
      seq: 10,
      reason: 'it is missing',
    })
  })

  test('shows that the first event is missing', async () => {
    expect((await sql('DELETE FROM events WHERE seq = 1')).verdict).toMatchObject({
      state: 'altered',
      seq: 1,
      reason: 'it is missing',
    })
  })

  test('shows that the event of a checkpoint is missing', async () => {
    expect((await sql('DELETE FROM events WHERE seq = 13')).verdict).toMatchObject({ state: 'altered', seq: 13 })
  })

  test('shows a missing end by the checkpoint over it', async () => {
    expect((await sql('DELETE FROM events WHERE seq = 19')).verdict).toMatchObject({
      state: 'behind',
      known: 19,
      found: 18,
    })
  })

  test('shows two events that were swapped', async () => {
    const report = await sql(
      'DROP INDEX events_of_run',
      'UPDATE events SET seq = 1000 WHERE seq = 10; UPDATE events SET seq = 10 WHERE seq = 11; UPDATE events SET seq = 11 WHERE seq = 1000',
    )
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 10 })
  })

  test('shows an event that was put between, the later ones moved', async () => {
    const report = await sql(
      'UPDATE events SET seq = -(seq + 1) WHERE seq >= 10; UPDATE events SET seq = -seq WHERE seq < 0',
      `INSERT INTO events SELECT 10, stream, run_id, 70, at, actor, tenant, type, version, epoch, NULL, body, salt, body_digest, prev_hash, hash FROM events WHERE seq = 9`,
    )
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 10 })
  })

  test.each([0, -5, Number.MIN_SAFE_INTEGER, '-9223372036854775808'])(
    'shows an event that was put before the first one, as number %s',
    async (seq) => {
      const report = await sql(
        `INSERT INTO events SELECT ${seq}, stream, run_id, 70, at, actor, tenant, type, version, epoch, NULL, body, salt, body_digest, prev_hash, hash FROM events WHERE seq = 9`,
      )
      expect(report.verdict).toMatchObject({
        state: 'altered',
        seq: 1,
        reason: '1 rows that are numbered below 1 are not ours',
      })
      expect((await box.verify({ run: runs[1] as RunId })).verdict.state).not.toBe('verified')
    },
  )

  test('shows an event that was put behind the last one without being chained', async () => {
    const report = await sql(
      `INSERT INTO events SELECT 20, stream, run_id, 70, at, actor, tenant, type, version, epoch, NULL, body, salt, body_digest, prev_hash, hash FROM events WHERE seq = 9`,
    )
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 20 })
  })
})

describe('a checkpoint', () => {
  test.each([
    ['cut short', `note = substr(note, 1, 60)`],
    ['turned into something else', `note = 'no note'`],
    ['with another time', `note = replace(note, '2026', '2025')`],
    ['moved to another place', `size = 12`],
    ['with another signature', `note = substr(note, 1, length(note) - 4) || 'AA=' || char(10)`],
    ['with another name of its key', `note = replace(note, '— orchastration', '— Orchastration')`],
  ])('%s is altered', async (_, change) => {
    const report = await sql(`UPDATE checkpoints SET ${change} WHERE size = 13`)
    expect(report.verdict).toMatchObject({ state: 'altered', seq: change === 'size = 12' ? 12 : 13 })
    expect(report.faults).toHaveLength(1)
  })

  test('that is the last and was deleted is missed', async () => {
    const report = await sql('DELETE FROM checkpoints WHERE size = 19')
    expect(report.verdict).toMatchObject({ state: 'behind', known: 19, found: 13 })
  })

  test('that another key signed is told by that key', async () => {
    using other = machine()
    const signer = must(await other.key.signer())
    const { checkpointText, formatNote } = await import('#domain/proof/checkpoint.ts')
    const report = await damaged((database) => {
      const row = database.prepare('SELECT stream, hash FROM events WHERE seq = 19').get()
      const store = String(row?.['stream']).slice('local/'.length)
      const text = checkpointText({ store, size: 19, hash: String(row?.['hash']), at: 1_795_176_000_000 })
      database
        .prepare('UPDATE checkpoints SET note = ? WHERE size = 19')
        .run(formatNote(text, signer, signer.sign(text)))
    })
    expect(report.verdict).toEqual({ state: 'unknown_key', keyHash: signer.keyHash, size: 19 })
    expect(report.checkpoint?.size).toBe(13)
  })
})

describe('a signature', () => {
  test('is the same to both checks, at once and later', async () => {
    const verifier = must(await box.key.verifier())
    const signature = must(await box.key.signer()).sign('text')
    for (const [text, proof] of [
      ['text', signature],
      ['texts', signature],
      ['text', signature.map((byte) => byte ^ 1)],
      ['text', signature.subarray(1)],
    ] as const) {
      expect(await verifier?.verifyLater(text, proof)).toBe(verifier?.verify(text, proof))
    }
    expect(await verifier?.verifyLater('text', signature)).toBe(true)
  })

  test('that does not match is found at each of several checkpoints, though a later one is good', async () => {
    const report = await sql(
      `UPDATE checkpoints SET note = substr(note, 1, length(note) - 4) || iif(substr(note, -4, 3) = 'AA=', 'AE=', 'AA=')
       || char(10) WHERE size IN (7, 13)`,
    )
    expect(report.faults).toEqual(
      [7, 13].map((seq) => ({ state: 'altered', seq, reason: 'the checkpoint over it: its signature does not match' })),
    )
    expect(report.checkpoint).toBeNull()
  })
})

describe('a store that is older than it was known to be', () => {
  test('is behind the mark after an old copy was restored', async () => {
    box.copyTo('backup')
    await box.write(async (store) => void (await writeRun(store)))
    box.restore('backup')
    expect((await box.verify()).verdict).toEqual({
      state: 'behind',
      known: 25,
      found: 19,
      reason: 'this machine signed later events',
    })
  })

  test('is behind the mark when it was cut right at a checkpoint', async () => {
    const report = await sql('DELETE FROM events WHERE seq > 13; DELETE FROM checkpoints WHERE size > 13')
    expect(report.verdict).toMatchObject({ state: 'behind', known: 19, found: 13 })
    expect(report.checkpoint?.size).toBe(13)
  })

  test('is behind when it was copied without its WAL', async () => {
    box.copyTo('backup')
    const store = await box.open()
    await writeRun(store)
    copyFileSync(box.database, join(dirname(box.directory), 'without-wal'))
    store.close()
    box.restore('without-wal')
    expect((await box.verify()).verdict).toMatchObject({ state: 'behind', known: 25, found: 19 })
  })

  test('records that it was behind once, when it goes on, and is behind for ever', async () => {
    box.copyTo('backup')
    await box.write(async (store) => void (await writeRun(store)))
    const kept = (await box.verify()).checkpoint?.note ?? ''
    box.restore('backup')
    await box.write(async (store) => {
      await writeRun(store)
      await writeRun(store)
    })
    await box.write(async (store) => void (await writeRun(store)))
    const report = await box.verify()
    const recorded = { state: 'behind', known: 25, found: 19, reason: 'event 20 recorded it' }
    expect(report.faults).toEqual([recorded])
    expect(report).toMatchObject({ verdict: recorded, last: 38, checkpoint: { size: 38 } })
    // What the lost history was signed as explains itself by that event.
    const known = await box.verify({ known: { path: 'kept', note: kept } })
    expect(known.faults.map(({ state }) => state)).toEqual(['behind', 'behind'])
    expect((await box.verify({ run: runs[0] as RunId })).verdict).toEqual({ state: 'verified', to: 7, later: 0 })
  })

  test('is behind a checkpoint that was kept elsewhere, though the mark is gone', async () => {
    const kept = (await box.verify()).checkpoint?.note ?? ''
    rmSync(join(box.data, 'marks'), { recursive: true })
    const report = await damagedKnowing(kept, (database) =>
      database.exec('DELETE FROM events WHERE seq > 13; DELETE FROM checkpoints WHERE size > 13'),
    )
    expect(report.verdict).toMatchObject({ state: 'behind', known: 19, found: 13 })
    expect(report.remarks).toEqual([{ kind: 'no_mark' }])
  })

  test('is behind when all its events were deleted and a checkpoint is known', async () => {
    const kept = (await box.verify()).checkpoint?.note ?? ''
    const report = await damagedKnowing(kept, (database) =>
      database.exec('DELETE FROM events; DELETE FROM checkpoints'),
    )
    expect(report.verdict.state).toBe('behind')
  })
})

describe('a key and a checkpoint from elsewhere', () => {
  test('verify a store on a machine that has no key', async () => {
    using other = machine()
    const report = await box.verify({ key: other.key, marks: other.marks, keyFile: box.publicKey })
    expect(report.verdict).toEqual({ state: 'verified', to: 19, later: 0 })
    expect(report.remarks).toEqual([{ kind: 'no_mark' }])
  })

  test('are needed for the store of another machine, whose key nobody here knows', async () => {
    using other = machine()
    const without = await box.verify({ key: other.key, marks: other.marks })
    expect(without).toMatchObject({ verdict: { state: 'unknown_key', size: 7 }, checkpoint: null, key: null })
    must(await other.key.signer())
    const report = await box.verify({ key: other.key, marks: other.marks })
    expect(report.faults).toHaveLength(1)
    expect(report.verdict.state).toBe('unknown_key')
  })

  test('find the store of another machine in place of this one', async () => {
    using other = machine()
    await other.write(async (store) => void (await writeRun(store)))
    const kept = (await box.verify()).checkpoint?.note ?? ''
    copyFileSync(other.database, box.database)
    const report = await box.verify({ known: { path: 'kept', note: kept } })
    expect(report.faults.map(({ state }) => state)).toEqual(['behind', 'unknown_key'])
  })

  test('are not needed where the file of the public key is gone, or all but that file', async () => {
    const publicKey = readFileSync(box.publicKey, 'utf8')
    rmSync(box.publicKey)
    expect((await box.verify()).verdict.state).toBe('verified')
    rmSync(join(box.data, 'signing-key.pem'))
    writeFileSync(box.publicKey, publicKey)
    expect((await box.verify()).verdict.state).toBe('verified')
  })

  test('do not follow the id of a store out of their folder', async () => {
    const kept = box.marks.highest('..')
    expect(kept).toEqual({ ok: true, value: undefined })
    expect(box.marks.forget('..')).toEqual({ ok: true, value: undefined })
    expect(box.marks.forget('')).toEqual({ ok: true, value: undefined })
    expect((await box.verify()).remarks).toEqual([])
  })

  test('do not say that nothing was cut off where the mark cannot be read', async () => {
    const marks = {
      ...box.marks,
      highest: () => err({ code: 'file_unwritable', path: '/', reason: 'EACCES' } as const),
    }
    const report = await box.verify({ marks })
    expect(report.verdict).toEqual({ state: 'unreadable', reason: expect.stringContaining('EACCES') })
    expect(report.remarks).toEqual([{ kind: 'mark_unreadable', reason: 'EACCES' }])
    expect((await box.verify({ marks, run: runs[1] })).verdict.state).toBe('verified')
    box.damage((database) => database.exec('UPDATE events SET at = at + 1 WHERE seq = 10'))
    expect((await box.verify({ marks })).verdict).toMatchObject({ state: 'altered', seq: 10 })
  })

  test('tell of a store that is gone, however many runs a new one in its place has had', async () => {
    const old = (await box.verify()).store
    for (const suffix of ['', '-wal', '-shm']) rmSync(box.database + suffix, { force: true })
    expect(await box.tryVerify()).toMatchObject({ ok: false, error: { code: 'store_missing' } })
    const gone = { kind: 'other_stores', stores: [{ store: old, size: 19 }] }
    await box.write(async (store) => void (await writeRun(store, { ends: false })))
    const unsigned = [{ kind: 'no_mark' }, gone, { kind: 'nothing_signed' }]
    expect((await box.verify()).remarks).toEqual(unsigned)
    await box.write(async (store) => void (await writeRun(store)))
    expect((await box.verify()).remarks).toEqual([gone])
  })

  test('are found among all that was said with them, the last one first', async () => {
    const first = (await box.verify()).checkpoint?.note ?? ''
    await box.write(async (store) => void (await writeRun(store)))
    const second = (await box.verify()).checkpoint?.note ?? ''
    const note = `verified to event 19\nkeep this:\n\n${first}verified to event 25\n\n${second}done\n`
    box.damage((database) =>
      database.exec('DELETE FROM events WHERE seq > 20; DELETE FROM checkpoints WHERE size > 20'),
    )
    const report = await box.verify({ known: { path: 'kept', note } })
    expect(report.faults).toContainEqual(expect.objectContaining({ state: 'behind', known: 25, found: 20 }))
  })

  test('may be older than the log', async () => {
    const note = (await box.verify()).checkpoint?.note ?? ''
    await box.write(async (store) => void (await writeRun(store)))
    expect((await box.verify({ known: { path: 'kept', note } })).verdict).toEqual({
      state: 'verified',
      to: 25,
      later: 0,
    })
  })

  test('must be what they should be', async () => {
    const note = (await box.verify()).checkpoint?.note ?? ''
    for (const bad of ['', 'x', note.trim(), note.replace('\n', '\n\n'), note.replace('\n19\n', '\n18\n')]) {
      const result = await box.tryVerify({ known: { path: '/kept', note: bad } })
      expect(result).toMatchObject({ ok: false, error: { code: 'file_unreadable', path: '/kept' } })
    }
    for (const bad of [saved('a.pub', 'no key'), join(box.data, 'signing-key.pem'), join(box.data, 'missing')]) {
      expect(await box.tryVerify({ keyFile: bad })).toMatchObject({
        ok: false,
        error: { code: 'file_unreadable', path: bad },
      })
    }
    const own = join(box.data, 'signing-key.pub')
    expect(await box.tryVerify({ keyFile: saved('b.pub', 'no key') })).toMatchObject({
      error: { reason: `it is not a public key in PEM; this machine's is ${own}` },
    })
  })

  test('are not believed when another key signed the checkpoint', async () => {
    using other = machine()
    await other.write(async (store) => void (await writeRun(store)))
    const note = (await box.verify()).checkpoint?.note ?? ''
    const report = await box.verify({ keyFile: other.publicKey, known: { path: 'kept', note } })
    expect(report.verdict).toMatchObject({ state: 'unknown_key' })
  })
})

describe('a single run', () => {
  test('is verified by the segment between the checkpoints around it', async () => {
    const report = await box.verify({ run: runs[1] as RunId })
    expect(report).toMatchObject({
      verdict: { state: 'verified', to: 13, later: 0 },
      events: 6,
      last: 13,
      run: runs[1],
    })
    expect(report.remarks).toEqual([])
  })

  test('is not touched by damage outside of it', async () => {
    box.damage((database) => database.exec(`UPDATE events SET actor = 'x' WHERE seq IN (2, 16)`))
    expect((await box.verify({ run: runs[1] as RunId })).verdict.state).toBe('verified')
  })

  test('is altered by damage within it', async () => {
    box.damage((database) => database.exec(`UPDATE events SET actor = 'x' WHERE seq = 9`))
    expect((await box.verify({ run: runs[1] as RunId })).verdict).toMatchObject({ state: 'altered', seq: 9 })
  })

  test('cannot hide an event behind an index', async () => {
    let page = 0
    box.damage((database) => {
      page = Number(
        database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'events_of_run'`).get()?.['rootpage'],
      )
    })
    // The root of the index becomes a leaf with no entry: who asks the index finds no event of any run.
    const bytes = readFileSync(box.database)
    bytes.set([0x0a, 0, 0, 0, 0, 0x10, 0, 0], (page - 1) * 4096)
    writeFileSync(box.database, bytes)
    expect((await box.verify({ run: runs[1] as RunId })).verdict).toEqual({ state: 'verified', to: 13, later: 0 })
    expect((await box.verify()).verdict).toMatchObject({ state: 'projections_differ' })
  })

  test('is told to go on where it is not over', async () => {
    let open: RunId | undefined
    await box.write(async (store) => {
      open = await writeRun(store, { ends: false })
    })
    const report = await box.verify({ run: open as RunId })
    expect(report.verdict).toEqual({ state: 'verified', to: 19, later: 4 })
    expect(report.remarks).toContainEqual({ kind: 'run_goes_on' })
  })

  test('that is not in the store is not known', async () => {
    const result = await box.tryVerify({ run: newRunId() })
    expect(result).toMatchObject({ ok: false, error: { code: 'unknown_run' } })
  })
})

describe('what is derived from the log', () => {
  test.each([
    ['a status', `UPDATE runs SET status = 'failed'`],
    ['a row too many', `INSERT INTO waits VALUES ('x', 1, 'timer', NULL, 5)`],
    ['a row too few', 'DELETE FROM runs WHERE id = (SELECT min(id) FROM runs)'],
    ['a missing table', 'DROP TABLE last_jobs'],
  ])('differs by %s', async (_, change) => {
    const report = await sql(change)
    expect(report.verdict.state).toBe('projections_differ')
    expect(report.checkpoint?.size).toBe(19)
  })

  test('is right again once it was rebuilt', async () => {
    box.damage((database) => database.exec(`UPDATE runs SET status = 'failed'`))
    await box.write(async (store) => void must(await store.rebuild()))
    expect((await box.verify()).verdict.state).toBe('verified')
  })

  test('is of less weight than an altered event, and listed as well', async () => {
    const report = await sql(`UPDATE runs SET status = 'failed'; UPDATE events SET actor = 'x' WHERE seq = 4`)
    expect(report.faults.map(({ state }) => state)).toEqual(['altered', 'projections_differ'])
  })

  test('is folded from events whose own fields were altered, as far as their bodies are whole', async () => {
    const fields = await sql(`UPDATE events SET actor = 'x' WHERE seq = 19`)
    expect(fields.faults.map(({ state }) => state)).toEqual(['altered'])
    const body = await sql(`UPDATE events SET body = '{"output":1}' WHERE seq = 19`)
    expect(body.faults.map(({ state }) => state)).toEqual(['altered', 'projections_differ'])
  })

  test('is right with runs that waited, and with one that still does', async () => {
    const question = { text: 'Go on?', choices: ['yes'], asker: 'person:ada', addressee: 'person:ada', deadline: null }
    const opens = (id: string): EventDraft => ({
      type: 'wait.opened',
      body: { number: 2, signal: `answer:${id}`, question: { ...question, id } } as never,
    })
    const timer: EventDraft = { type: 'timer.started', body: { number: 3, due_at: 5 } as never }
    await box.write(async (store) => {
      for (const [id, ending] of [
        ['ended', [ENDED]],
        ['open', []],
      ] as const) {
        const runId = await writeRun(store, { ends: false })
        const own = { runId, epoch: 1, actor: 'person:ada', seenRunSeq: 99, take: 'own' } as const
        must(await store.journal.append({ ...own, events: [opens(id), timer, ...ending] }))
      }
    })
    box.damage((database) => {
      expect(database.prepare('SELECT state FROM questions ORDER BY id').all()).toMatchObject([
        { state: 'run_ended' },
        { state: 'open' },
      ])
      expect(database.prepare('SELECT count(*) AS waits FROM waits').get()).toMatchObject({ waits: 2 })
    })
    expect((await box.verify()).faults).toEqual([])
  })

  test('differs by a column too many', async () => {
    const report = await sql('ALTER TABLE last_jobs ADD COLUMN more TEXT')
    expect(report.faults).toEqual([{ state: 'projections_differ', reason: 'table last_jobs has other columns' }])
  })

  test('is not looked at for a single run', async () => {
    box.damage((database) => database.exec(`UPDATE runs SET status = 'failed'`))
    expect((await box.verify({ run: runs[1] as RunId })).verdict.state).toBe('verified')
  })

  test('does not stop at a body that nobody of ours would write', async () => {
    const report = await damaged((database) => {
      database.exec(`UPDATE events SET type = 'run.paused', body = '{}' WHERE seq = 10`)
      rehash(database)
    })
    expect(report.verdict).toMatchObject({ state: 'altered', seq: 13 })
    expect(report.faults.some((fault) => fault.state === 'projections_differ')).toBe(true)
  })
})

describe('a damaged file', () => {
  test('of another kind is unreadable', async () => {
    writeFileSync(box.database, 'no database at all, but long enough to be looked at '.repeat(100))
    expect(await box.verify()).toMatchObject({ verdict: { state: 'unreadable' }, events: 0 })
  })

  test('is reported and never thrown, wherever it is overwritten or cut', async () => {
    await box.write(async (store) => void (await Promise.all(Array.from({ length: 40 }, () => writeRun(store)))))
    box.damage((database) => database.exec('VACUUM'))
    box.copyTo('whole')
    const content = contentOf()
    const size = statSync(box.database).size
    const states = new Set<string>()
    for (let offset = 0; offset < size; offset += 1361) {
      for (const how of ['garbage', 'zeros', 'cut'] as const) {
        box.restore('whole')
        spoil(offset, how)
        const result = await box.tryVerify()
        const state = result.ok ? result.value.verdict.state : result.error.code
        states.add(state)
        // Only what is written into free space changes nothing, and may be verified.
        if (state === 'verified') expect([how, offset, contentOf()]).toEqual([how, offset, content])
      }
    }
    expect(states).toContain('unreadable')
    expect(states).toContain('altered')
    for (const state of states) expect([...Object.keys(VERDICT_EXITS), 'store_missing', 'store_newer']).toContain(state)
  })

  test('is named at the first event that cannot be read, and read up to there', async () => {
    await box.write(async (store) => void (await Promise.all(Array.from({ length: 40 }, () => writeRun(store)))))
    box.damage((database) => database.exec('VACUUM'))
    box.copyTo('whole')
    const named = new Set<number>()
    for (let page = 4096; page < statSync(box.database).size; page += 4096) {
      box.restore('whole')
      spoil(page, 'garbage')
      const { verdict, last } = await box.verify()
      if (verdict.state === 'altered' && verdict.reason.includes('malformed') && verdict.seq === last + 1)
        named.add(verdict.seq)
    }
    // Each leaf of the table begins with another event.
    expect(named.size).toBeGreaterThan(10)
    expect(Math.max(...named)).toBeGreaterThan(200)
  })

  function contentOf(): string {
    let content = ''
    box.damage((database) => {
      const tables = ['events', 'checkpoints', 'runs', 'run_jobs', 'waits', 'questions', 'last_jobs']
      content = JSON.stringify(tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all()))
    })
    return content
  }

  function spoil(offset: number, how: 'garbage' | 'zeros' | 'cut'): void {
    if (how === 'cut') {
      truncateSync(box.database, offset)
      return
    }
    const bytes = readFileSync(box.database)
    for (let index = offset; index < Math.min(offset + 64, bytes.length); index++) {
      bytes[index] = how === 'zeros' ? 0 : (index * 167 + 41) % 256
    }
    writeFileSync(box.database, bytes)
  }
})
