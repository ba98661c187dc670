import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventHash } from '#domain/proof/chain.ts'
import { eventLine, readLine } from '#domain/proof/export-line.ts'
import { VERDICT_EXITS } from '#domain/proof/verdict.ts'
import type { RunId } from '#domain/run/run.ts'
import { type Machine, machine, must, verifyText, writeParkedRun, writeRun } from './app/proof-store.ts'
import { rehash } from './app/rewrite-log.ts'

const SCRIPT = fileURLToPath(new URL('second-verifier.mjs', import.meta.url))

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
    await writeRun(store, { ends: false })
  })
  whole = await box.exported()
  one = await box.exported(runs[1])
})

afterAll(() => box[Symbol.dispose]())

describe('the second verifier', () => {
  test('runs on a plain Node and knows nothing of our code', () => {
    const imports = [...readFileSync(SCRIPT, 'utf8').matchAll(/from '([^']+)'/g)].map(([, name]) => name)
    expect(imports).toEqual(['node:crypto', 'node:fs'])
  })

  test('says to what event an export is verified', async () => {
    expect(await judge(whole)).toEqual({
      exit: 0,
      text: 'verified to event 19, 4 later events are chained and not signed\n',
    })
    expect(await judge(one)).toEqual({
      exit: 0,
      text: 'verified to event 13, 0 later events are chained and not signed\n',
    })
  })

  test('believes no key that nobody gave it', async () => {
    expect(await judge(whole, null)).toMatchObject({ exit: 6 })
    using other = machine()
    must(await other.key.signer())
    expect(await judge(whole, other.publicKey)).toMatchObject({ exit: 6 })
  })

  test('verifies the example of docs/log-format.md with the key that stands there', async () => {
    const page = readFileSync(fileURLToPath(new URL('../docs/log-format.md', import.meta.url)), 'utf8')
    const fenced = (name: string) => new RegExp(`\`\`\`${name}\\n([\\s\\S]*?\\n)\`\`\``).exec(page)?.[1] ?? ''
    writeFileSync(join(box.data, 'example.pub'), fenced('key'))
    expect(await judge(fenced('jsonl'), join(box.data, 'example.pub'))).toMatchObject({ exit: 0 })
  })

  test('refuses to guess what it is asked', () => {
    for (const words of [[], ['a', '--key'], ['a', '--kay', 'b'], ['a', '--key', join(box.data, 'missing')]]) {
      expect(spawnSync('node', [SCRIPT, ...words]).status).toBe(2)
    }
  })
})

type Change = (text: string) => string | Uint8Array

const FIELDS = [
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

const CHANGES: readonly (readonly [name: string, exit: number, change: Change])[] = [
  ...FIELDS.map((field) => [`another ${field}`, 4, onLine(4, (line) => withField(line, field, 'x'))] as const),
  ...FIELDS.filter((field) => field !== 'dedupe_key').map(
    (field) => [`no ${field}`, 4, onLine(4, (line) => withField(line, field, null))] as const,
  ),
  ['body and salt gone', 4, onLine(4, (line) => withField(withField(line, 'body', null), 'salt', null))],
  [
    'a border moved between salt and body',
    4,
    onLine(4, (line) => line.replace(/"body":"\{(.*?)","salt":"(\w+)"/, '"body":"$1","salt":"$2{"')),
  ],
  ['an event that is whole in itself and follows another one', 4, onLine(4, (line) => resealed(line))],
  ['a key twice', 4, onLine(4, (line) => line.replace('"version":1', '"version":2,"version":1'))],
  ['a key too many', 4, onLine(4, (line) => line.replace('"tenant":', '"x":1,"tenant":'))],
  ['white space', 4, onLine(4, (line) => line.replace(':', ': '))],
  ['a number spelt otherwise', 4, onLine(4, (line) => line.replace('"epoch":1', '"epoch":1e0'))],
  ['an empty line', 4, onLine(4, () => '')],
  ['a line doubled', 4, onLine(4, (line) => `${line}\n${line}`)],
  [
    'a line left out',
    4,
    (text) =>
      text
        .split('\n')
        .filter((_, index) => index !== 4)
        .join('\n'),
  ],
  [
    'lines swapped',
    4,
    (text) =>
      text
        .split('\n')
        .map((line, index, all) => (index === 4 ? all[5] : index === 5 ? all[4] : line))
        .join('\n'),
  ],
  ['garbage at its end', 4, (text) => `${text}garbage\n`],
  ['garbage without a line feed at its end', 5, (text) => `${text}garbage`],
  [
    'bytes that are no UTF-8',
    4,
    (text) => Buffer.from(text).map((byte, index) => (index === text.indexOf('person:ada') ? 0xff : byte)),
  ],
  ['its last line torn', 5, (text) => text.slice(0, -20)],
  ['half of it', 5, (text) => text.slice(0, text.length / 2)],
  ['its last line left out', 5, (text) => text.split('\n').slice(0, -2).concat('').join('\n')],
  ['nothing but its first line', 5, (text) => text.slice(0, text.indexOf('\n') + 1)],
  ['a torn first line', 8, (text) => text.slice(0, 20)],
  ['nothing', 8, () => ''],
  ['another format', 8, (text) => text.replace('log/1', 'log/2')],
  ['a key that is none', 8, (text) => text.replace(/"key":"[^"]*"/, '"key":"x"')],
  ['a key left out', 8, (text) => text.replace(/,"key":"[^"]*"/, '')],
  ['another store', 4, (text) => text.replace(/"store":"[^"]*"/, '"store":"01kab7d6s9f3v2m8qxw5r4t0ez"')],
  ['a longer range', 5, (text) => text.replace(/"last":\d+/, '"last":99')],
  ['a shorter range', 4, (text) => text.replace(/"last":\d+/, '"last":9')],
  ['an earlier beginning', 4, (text) => text.replace(/"first":\d+/, '"first":3')],
  ['a later time of a checkpoint', 4, onNote((note) => note.replace('2026', '2027'))],
  ['another size of a checkpoint', 4, (text) => text.replace('{"size":13,', '{"size":12,')],
  ['another name of the key of a checkpoint', 4, onNote((note) => note.replace('— o', '— O'))],
  ['a checkpoint that is none', 4, onNote(() => 'x')],
  ['a checkpoint of a key that nobody knows', 6, onNote((note) => note.replace(/(— orchastration ).{4}/, '$1AAAA'))],
]

describe.each(['the whole log', 'one run'])('both verifiers agree on an export of %s with', (which) => {
  test.each(CHANGES)('%s', async (_, exit, change) => {
    const text = which === 'one run' ? one : whole
    const changed = change(text)
    expect(Buffer.compare(Buffer.from(changed), Buffer.from(text))).not.toBe(0)
    const { verdict } = await verifyText(changed, { key: box.key, keyFile: box.publicKey })
    const second = await judge(changed)
    expect(second.exit).toBe(VERDICT_EXITS[verdict.state])
    expect(second.exit).toBe(exit)
  })
})

describe('both verifiers agree on a store', () => {
  test.each([
    ['whose chain was computed anew', 4, `UPDATE events SET actor = 'person:eve' WHERE seq = 10`],
    ['whose last checkpoint was deleted', 5, 'DELETE FROM checkpoints WHERE size = 13'],
    ['whose end was cut off', 5, 'DELETE FROM events WHERE seq = 13'],
    ['that was restored and says that it was behind', 5, ''],
  ])('%s', async (name, exit, change) => {
    using other = machine()
    await other.write(async (store) => void (await writeRun(store)))
    other.copyTo('backup')
    await other.write(async (store) => void (await writeRun(store)))
    if (name.includes('behind')) {
      other.restore('backup')
      await other.write(async (store) => void (await writeRun(store)))
    } else {
      other.damage((database) => {
        database.exec(change)
        if (exit === 4) rehash(database)
      })
    }
    const text = await other.exported()
    expect(VERDICT_EXITS[(await verifyText(text, other)).verdict.state]).toBe(exit)
    expect((await judge(text, other.publicKey)).exit).toBe(exit)
  })
})

describe('a run that was parked, and so has a checkpoint within', () => {
  test('is verified whole, and altered where its beginning was left out', async () => {
    using other = machine()
    let run: RunId | undefined
    await other.write(async (store) => {
      run = await writeParkedRun(store)
    })
    const text = await other.exported(run)
    const both = async (changed: string) => {
      const { verdict } = await verifyText(changed, other)
      return [verdict.state, VERDICT_EXITS[verdict.state], (await judge(changed, other.publicKey)).exit]
    }
    expect(await both(text)).toEqual(['verified', 0, 0])
    const lines = text.split('\n')
    const middle = lines.findIndex((line) => line.startsWith('{"size":4,'))
    const later = [lines[0]?.replace('"first":1', '"first":5'), ...lines.slice(middle)].join('\n')
    expect(await both(later)).toEqual(['altered', 4, 4])
  })
})

async function judge(text: string | Uint8Array, key: string | null = box.publicKey) {
  const path = join(box.data, 'export.jsonl')
  writeFileSync(path, text)
  const { status, stdout, stderr } = spawnSync('node', [SCRIPT, path, ...(key === null ? [] : ['--key', key])], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return { exit: status, text: stdout }
}

function onLine(number: number, change: (line: string) => string): Change {
  return (text) =>
    text
      .split('\n')
      .map((line, index) => (index === number ? change(line) : line))
      .join('\n')
}

function onNote(change: (note: string) => string): Change {
  return (text) =>
    text
      .split('\n')
      .map((line) => {
        if (!line.startsWith('{"size":13,')) return line
        return JSON.stringify({ size: 13, note: change(JSON.parse(line).note) })
      })
      .join('\n')
}

function withField(line: string, field: string, value: string | null): string {
  return JSON.stringify({ ...JSON.parse(line), [field]: value })
}

/** Another event before it, and its own hash made right again. */
function resealed(line: string): string {
  const read = readLine(line)
  if (typeof read === 'string' || read.kind !== 'event') throw new Error('expected an event')
  const event = { ...read.event, prevHash: 'a'.repeat(64) }
  return eventLine({ ...event, hash: eventHash(event) })
}
