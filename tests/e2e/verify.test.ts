import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

async function recorded(): Promise<TestPlace> {
  const place = given({ config: `[jobs.hello]\ncommand = ["echo", "out"]\n` })
  for (let time = 0; time < 3; time++) await place.run(['run', 'hello'])
  return place
}

describe.skipIf(onWindows)('verify', () => {
  test('exits with 0 for what was not touched, and prints the checkpoint to keep', async () => {
    const place = await recorded()
    const { exit, stdout, stderr } = await place.run(['verify'])
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/^verified to event 16 · signed /) })
    expect(stderr).toContain('orchastration/')
  })

  test.each([
    ['a body was changed', `UPDATE events SET body = replace(body, 'hello', 'hallo') WHERE seq = 9`],
    ['a time was changed', 'UPDATE events SET at = at + 1 WHERE seq = 9'],
    ['an actor was changed', `UPDATE events SET actor = 'person:mallory' WHERE seq = 9`],
    ['a row was deleted', 'DELETE FROM events WHERE seq = 9'],
    [
      'two rows were swapped',
      'UPDATE events SET seq = 1000 WHERE seq = 8; UPDATE events SET seq = 8 WHERE seq = 9; UPDATE events SET seq = 9 WHERE seq = 1000',
    ],
  ])('exits with 4 and names the place where %s', async (_title, sql) => {
    const place = await recorded()
    place.tamper(sql)
    const { exit, stdout } = await place.run(['verify'])
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: expect.stringMatching(/altered.*\b[89]\b/) })
  })

  test('accuses nobody of what a job went on to write in the background', async () => {
    const wait = '(until [ -e go ]; do sleep 0.01; done; echo late; echo done >> done) &'
    const large = 'yes | head -c 2000000'
    const place = given({
      config: `[jobs]\nsmall.command = ["sh", "-c", "${wait} echo same"]\nlarge.command = ["sh", "-c", "${wait} ${large}"]\n`,
    })
    await place.run(['run', 'small', 'large'])
    place.write('go', '')
    await until(() => place.has('done') && place.lines('done').length === 2, 'both have written')
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })

  test('looks at what jobs wrote where it is asked to', async () => {
    const place = await recorded()
    const artifacts = join(place.store, 'artifacts')
    const changed = readdirSync(artifacts, { recursive: true })
      .map(String)
      .find((name) => name.length > 64)
    writeFileSync(join(artifacts, changed ?? ''), 'forged')
    expect((await place.run(['verify'])).exit).toBe(0)
    const { exit, stdout } = await place.run(['verify', '--outputs'])
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: expect.stringContaining('was changed') })
    rmSync(artifacts, { recursive: true })
    expect((await place.run(['verify', '--outputs'])).stdout).toContain('is missing')
  })

  test('finds an answer that was forged below the first event', async () => {
    const place = await recorded()
    place.tamper(`INSERT INTO events SELECT -9007199254740991, stream, run_id, 99, at, actor, tenant, type, version, epoch, NULL,
      body, salt, body_digest, 'x', 'y' FROM events WHERE seq = 9`)
    expect((await place.run(['verify'])).exit).toBe(4)
  })

  test('says for ever that the store was restored, also when it is restored once more', async () => {
    const place = await recorded()
    const old = join(place.store, '..', 'old')
    cpSync(place.store, old, { recursive: true })
    await place.run(['run', 'hello'])
    for (let time = 0; time < 2; time++) {
      rmSync(place.store, { recursive: true })
      cpSync(old, place.store, { recursive: true })
      expect((await place.run(['verify'])).exit).toBe(5)
      await place.run(['run', 'hello'])
      expect((await place.run(['verify'])).exit).toBe(5)
    }
  })

  test('exits with 5 where the tail was cut', async () => {
    const place = await recorded()
    place.tamper('DELETE FROM events WHERE seq > 11; DELETE FROM checkpoints WHERE size > 11')
    expect((await place.run(['verify'])).exit).toBe(5)
  })

  test('exits with 5 for an old copy, also after it was written to again', async () => {
    const place = await recorded()
    const copy = place.path('copy')
    cpSync(place.store, copy, { recursive: true })
    await place.run(['run', 'hello'])
    rmSync(place.store, { recursive: true })
    cpSync(copy, place.store, { recursive: true })
    expect((await place.run(['verify'])).exit).toBe(5)
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
    expect((await place.run(['verify'])).exit).toBe(5)
  })

  test('exits with 6 where the key is another one', async () => {
    const place = await recorded()
    const other = await recorded()
    for (const name of ['signing-key.pem', 'signing-key.pub']) {
      writeFileSync(join(place.keys, name), readFileSync(join(other.keys, name)))
    }
    expect((await place.run(['verify'])).exit).toBe(6)
  })

  test('exits with 7 where a table says something else than the log, until it is made anew', async () => {
    const place = await recorded()
    place.tamper(`UPDATE runs SET status = 'failed'`)
    expect((await place.run(['verify'])).exit).toBe(7)
    expect((await place.run(['rebuild'])).exit).toBe(0)
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('exits with 8 where nothing can be read', async () => {
    const place = await recorded()
    writeFileSync(join(place.store, 'store.db'), 'noise')
    for (const name of ['store.db-wal', 'store.db-shm']) rmSync(join(place.store, name), { force: true })
    expect((await place.run(['verify'])).exit).toBe(8)
  })

  test('waits for no pipe and reads no device in the place of a key or a checkpoint', async () => {
    const place = await recorded()
    await place.shell('mkfifo pipe')
    for (const [option, path] of ['pipe', '/dev/zero'].flatMap((name) => [
      ['--key', name],
      ['--checkpoint', name],
    ])) {
      const { exit, stderr } = await place.run(['verify', option ?? '', path ?? ''])
      expect({ option, path, exit, isSaid: stderr.includes('it is no regular file') }).toEqual({
        option,
        path,
        exit: 2,
        isSaid: true,
      })
    }
    expect((await place.run(['verify', '--key', '.'])).stderr).toContain('it is a directory, a file is expected')
    expect((await place.run(['verify', '--checkpoint', '.'])).stderr).toContain('it is a directory, a file is expected')
  })

  test('an export can be verified elsewhere, against a checkpoint that was kept', async () => {
    const place = await recorded()
    const { stderr } = await place.run(['verify'])
    place.write('kept.note', stderr.slice(stderr.indexOf('orchastration/')))
    await place.run(['runs', 'export', '--all', '--output', 'all.jsonl'])
    place.write('key.pub', readFileSync(join(place.keys, 'signing-key.pub'), 'utf8'))
    const elsewhere = given({
      files: Object.fromEntries(['kept.note', 'all.jsonl', 'key.pub'].map((name) => [name, place.read(name)])),
    })
    const args = ['verify', 'all.jsonl', '--key', 'key.pub', '--checkpoint', 'kept.note']
    expect((await elsewhere.run(args)).exit).toBe(0)
    elsewhere.write('all.jsonl', place.read('all.jsonl').replace('person:', 'agent:'))
    expect((await elsewhere.run(args)).exit).toBe(4)
  })
})
