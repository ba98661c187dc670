import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linesOf } from '#app/lines.ts'
import { verifyExport } from '#app/verify-export.ts'
import type { RunId } from '#domain/run/run.ts'
import { type Machine, machine, newRunId, verifyText, writeRun } from './proof-store.ts'

// store.created, three runs of 6 events with checkpoints over 7, 13 and 19, and an open run with events 20 to 23.
let box: Machine
let runs: RunId[]
let whole: string
let one: string

beforeAll(async () => {
  box = machine()
  runs = []
  await box.write(async (store) => {
    for (let run = 0; run < 3; run++) runs.push(await writeRun(store))
    runs.push(await writeRun(store, { ends: false }))
  })
  whole = await box.exported()
  one = await box.exported(runs[1])
})

afterAll(() => box[Symbol.dispose]())

describe('an export of the whole log', () => {
  test('holds every event and every checkpoint, in order, under the names of the table', () => {
    const [header, ...lines] = parsed(whole)
    const key = readFileSync(box.publicKey, 'utf8')
    expect(header).toEqual({
      format: 'orchastration.log/1',
      store: expect.any(String),
      run: null,
      first: 1,
      last: 23,
      key,
    })
    const order = lines.map((line) => line['seq'] ?? `over ${line['size']}`)
    expect(order).toEqual([
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      'over 7',
      8,
      9,
      10,
      11,
      12,
      13,
      'over 13',
      14,
      15,
      16,
      17,
      18,
      19,
      'over 19',
      20,
      21,
      22,
      23,
    ])
    expect(Object.keys(lines[0] ?? {}).join()).toBe(
      'seq,stream,run_id,run_seq,at,actor,tenant,type,version,epoch,dedupe_key,body,salt,body_digest,prev_hash,hash',
    )
    expect(lines.every((line) => line['seq'] === undefined || line['body'] !== null)).toBe(true)
  })

  test('is verified as the store is', async () => {
    const report = await verifyText(whole, box)
    expect(report).toEqual({ ...(await box.verify()), verdict: { state: 'verified', to: 19, later: 4 } })
  })

  test('is the same each time, and verified whatever sizes its pieces come in', async () => {
    expect(await box.exported()).toBe(whole)
    for (const size of [1, 7, 4096]) {
      const texts: string[] = []
      for await (const line of linesOf(chunked(whole, size))) texts.push(line.kind === 'whole' ? line.text : line.kind)
      expect(`${texts.join('\n')}\n`).toBe(whole)
    }
  })

  test('of a damaged store is found to be damaged as the store is', async () => {
    using other = machine()
    await other.write(async (store) => void (await writeRun(store)))
    other.damage((database) => database.exec(`UPDATE events SET actor = 'x' WHERE seq = 4`))
    expect((await verifyText(await other.exported(), other)).verdict).toMatchObject({
      state: 'altered',
      seq: 4,
      line: 5,
    })
  })
})

describe('an export of one run', () => {
  test('is the segment between the checkpoints around it', () => {
    const [header, ...lines] = parsed(one)
    expect(header).toMatchObject({ run: runs[1], first: 8, last: 13 })
    expect(lines.map((line) => line['seq'] ?? `over ${line['size']}`)).toEqual([
      'over 7',
      8,
      9,
      10,
      11,
      12,
      13,
      'over 13',
    ])
  })

  test('is verified, and says of what run', async () => {
    expect(await verifyText(one, box)).toMatchObject({
      verdict: { state: 'verified', to: 13, later: 0 },
      run: runs[1],
      events: 6,
      remarks: [],
    })
  })

  test('of the first run begins with the store', async () => {
    const text = await box.exported(runs[0])
    expect(
      parsed(text)
        .map((line) => line['seq'])
        .slice(1),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, undefined])
    expect((await verifyText(text, box)).verdict).toEqual({ state: 'verified', to: 7, later: 0 })
  })

  test('that goes on has what there is of it, not yet signed', async () => {
    const report = await verifyText(await box.exported(runs[3]), box)
    expect(report).toMatchObject({
      verdict: { state: 'verified', to: 19, later: 4 },
      remarks: [{ kind: 'run_goes_on' }],
    })
  })

  test('has events of other runs without their bodies, and of the store with them', async () => {
    using other = machine()
    let first: RunId | undefined
    await other.write(async (store) => {
      const [a] = await Promise.all([writeRun(store), writeRun(store)])
      first = a
    })
    const text = await other.exported(first)
    for (const line of parsed(text).filter((value) => value['seq'] !== undefined)) {
      const isShown = line['run_id'] === first || line['run_id'] === null
      expect([line['body'] !== null, line['salt'] !== null]).toEqual([isShown, isShown])
    }
    expect(parsed(text).some((line) => line['body'] === null)).toBe(true)
    expect((await verifyText(text, other)).verdict.state).toBe('verified')
  })

  test('of which there is none is refused', async () => {
    await expect(box.exported(newRunId())).rejects.toThrow('unknown_run')
  })

  test('names another run than it holds, and is altered', async () => {
    const text = one.replace(`"run":"${runs[1]}"`, `"run":"${runs[2]}"`)
    expect((await verifyText(text, box)).verdict).toMatchObject({ state: 'altered', seq: 8 })
  })

  test('without a body of its own run is altered', async () => {
    const text = rewritten(one, 9, (event) => ({ ...event, body: null, salt: null }))
    expect((await verifyText(text, box)).verdict).toMatchObject({ state: 'altered', seq: 9 })
  })

  test('of which the first events were left out is altered', async () => {
    const lines = one.split('\n')
    const text = [lines[0]?.replace('"first":8', '"first":10'), ...lines.slice(4)].join('\n')
    expect((await verifyText(text, box)).verdict).toMatchObject({ state: 'altered', seq: 10 })
  })
})

describe('a damaged export', () => {
  const fields = [
    'seq',
    'stream',
    'run_id',
    'run_seq',
    'at',
    'actor',
    'tenant',
    'type',
    'version',
    'epoch',
    'dedupe_key',
    'body',
    'salt',
    'body_digest',
    'prev_hash',
    'hash',
  ]
  test.each(fields)('with another %s is altered at its event and line', async (field) => {
    const text = rewritten(one, 10, (event) => ({ ...event, [field]: typeof event[field] === 'number' ? 7 : 'x' }))
    expect((await verifyText(text, box)).verdict).toMatchObject({
      state: 'altered',
      seq: field === 'seq' ? 7 : 10,
      line: 5,
    })
  })

  test.each([
    ['a key twice', '"version":1,"epoch"', '"version":2,"version":1,"epoch"'],
    ['white space', '"epoch":1', '"epoch": 1'],
    ['a key too many', '"tenant":"local"', '"tenant":"local","x":1'],
    ['a missing key', '"tenant":"local",', ''],
  ])('with %s is altered at its event and line', async (_, from, to) => {
    const lines = one.split('\n')
    lines[4] = lines[4]?.replace(from, to) ?? ''
    const { verdict } = await verifyText(lines.join('\n'), box)
    expect(verdict).toMatchObject({ state: 'altered', seq: 10, line: 5 })
  })

  test('with lines swapped, doubled, left out or added is altered', async () => {
    const lines = one.split('\n')
    const at = (index: number) => lines[index] ?? ''
    const changed = {
      swapped: [...lines.slice(0, 4), at(5), at(4), ...lines.slice(6)],
      doubled: [...lines.slice(0, 5), at(4), ...lines.slice(5)],
      missing: [...lines.slice(0, 4), ...lines.slice(5)],
      emptied: [...lines.slice(0, 4), '', ...lines.slice(5)],
      appended: [...lines.slice(0, -1), 'garbage', ''],
      unopened: [at(0), ...lines.slice(2)],
    }
    for (const [how, text] of Object.entries(changed)) {
      const { verdict } = await verifyText(text.join('\n'), box)
      expect([how, verdict.state]).toEqual([how, 'altered'])
    }
  })

  test('that is not UTF-8 is altered at its line', async () => {
    const bytes = Buffer.from(one)
    bytes[bytes.indexOf('person:ada', bytes.indexOf('"seq":10,'))] = 0xff
    expect((await verifyText(bytes, box)).verdict).toMatchObject({
      state: 'altered',
      seq: 10,
      line: 5,
      reason: 'it is not UTF-8',
    })
  })

  test('that was cut anywhere is behind, or unreadable within its first line', async () => {
    const headerEnd = whole.indexOf('\n')
    for (let length = 0; length < whole.length; length += 13) {
      const { verdict } = await verifyText(whole.slice(0, length), box)
      expect([length, verdict.state]).toEqual([length, length <= headerEnd ? 'unreadable' : 'behind'])
    }
  })

  test('that was cut at the end of a line is behind', async () => {
    for (let end = whole.indexOf('\n'); end < whole.length - 1; end = whole.indexOf('\n', end + 1)) {
      expect((await verifyText(whole.slice(0, end + 1), box)).verdict.state).toBe('behind')
    }
  })

  test.each([
    ['nothing', () => ''],
    ['another format', () => whole.replace('orchastration.log/1', 'orchastration.log/2')],
    ['a key that is none', () => whole.replace(/"key":"[^"]*"/, '"key":"x"')],
    ['a byte order mark', () => `\ufeff${whole}`],
  ])('with %s at its beginning is unreadable', async (_, text) => {
    expect((await verifyText(text(), box)).verdict).toMatchObject({ state: 'unreadable', line: 1 })
  })

  test('that speaks of another store is altered', async () => {
    const text = whole.replace(/"store":"[^"]*"/, '"store":"01kab7d6s9f3v2m8qxw5r4t0ez"')
    expect((await verifyText(text, box)).verdict).toMatchObject({ state: 'altered', seq: 1 })
  })

  test('that cannot be read is a failure of its file', async () => {
    const missing = join(box.data, 'missing')
    const result = await verifyExport({ path: missing, bytes: Bun.file(missing).stream(), key: box.key })
    expect(result).toMatchObject({ ok: false, error: { code: 'file_unreadable', path: missing } })
  })
})

describe('the key of an export', () => {
  test('is never believed for itself', async () => {
    using other = machine()
    const report = await verifyText(whole, other)
    expect(report).toMatchObject({ verdict: { state: 'unknown_key', size: 7 }, checkpoint: null })
    expect(report.faults).toHaveLength(1)
  })

  test('still shows which checkpoints it did not sign', async () => {
    using other = machine()
    const text = whole.replace(/(\{"size":13,.*)2026-/, '$12027-')
    expect((await verifyText(text, other)).verdict).toMatchObject({ state: 'altered', seq: 13 })
  })

  test('is believed when it is given', async () => {
    using other = machine()
    const report = await verifyText(whole, { key: other.key, keyFile: box.publicKey })
    expect(report.verdict).toEqual({ state: 'verified', to: 19, later: 4 })
  })

  test('may be missing', async () => {
    const text = whole.replace(/"key":"[^"]*"/, '"key":null')
    expect((await verifyText(text, box)).verdict.state).toBe('verified')
  })
})

describe('a checkpoint from elsewhere', () => {
  test('is compared with the export', async () => {
    const note = (await box.verify()).checkpoint?.note ?? ''
    const known = { path: 'kept', note }
    expect((await verifyText(whole, { key: box.key, known })).verdict.state).toBe('verified')
    const cut = (await (async () => box.exported(runs[0]))()).replace(`"run":"${runs[0]}"`, '"run":null')
    expect((await verifyText(cut, { key: box.key, known })).verdict).toMatchObject({
      state: 'behind',
      known: 19,
      found: 7,
    })
    expect((await verifyText(one, { key: box.key, known })).remarks).toEqual([{ kind: 'outside', size: 19 }])
  })
})

interface Fields {
  readonly [name: string]: unknown
}

function parsed(text: string): readonly Fields[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function rewritten(text: string, seq: number, change: (event: Fields) => Fields): string {
  const lines = text
    .split('\n')
    .map((line) => (line.startsWith(`{"seq":${seq},`) ? JSON.stringify(change(JSON.parse(line))) : line))
  return lines.join('\n')
}

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}
