import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { isRoot, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const HELLO = `[jobs.hello]\ncommand = ["sh", "-c", "echo out $N; echo err >&2"]\n`

async function recorded(runs = 2): Promise<TestPlace> {
  const place = given({ config: HELLO })
  for (let run = 0; run < runs; run++) await place.run(['run', 'hello'], { env: { N: String(run) } })
  return place
}

/** Every file below a directory, by name, with what is in it. */
function filesIn(directory: string): Readonly<Record<string, string>> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(paths.map((path) => [path.slice(directory.length + 1), readFileSync(path, 'latin1')]))
}

describe.skipIf(onWindows)('backup', () => {
  test('that is checked waits for no pipe in the place of one of its files', async () => {
    const place = await recorded(1)
    await place.run(['backup', 'copy'])
    await place.shell('file=$(ls copy/store/artifacts/*/* | head -1); rm "$file"; mkfifo "$file"')
    const checked = await place.run(['backup', 'copy', '--check'])
    expect(checked.exit).toBe(4)
    expect(checked.stdout + checked.stderr).toContain('is no regular file')
    await place.shell('rm copy/SHA256SUMS; mkfifo copy/SHA256SUMS')
    const { exit, stderr } = await place.run(['backup', 'copy', '--check'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('it is no regular file') })
  })

  test('is refused within the store itself, also behind links', async () => {
    const place = await recorded(1)
    const before = readdirSync(place.store)
    await place.shell(`ln -s '${place.store}' link`)
    for (const directory of [
      place.store,
      `${place.store}/copy`,
      `${place.store}/artifacts/a/copy`,
      'link/copy',
      'link/new/copy',
    ]) {
      const { exit, stdout, stderr } = await place.run(['backup', directory])
      expect({ directory, exit, stdout }).toEqual({ directory, exit: 2, stdout: '' })
      expect(stderr).toContain('expected is a directory outside of the store')
    }
    expect(readdirSync(place.store)).toEqual(before)
    expect((await place.run(['backup', `${place.store}-copy`])).exit).toBe(0)
  })

  test('copies log, outputs, public key and checkpoint, with a manifest that sha256sum checks', async () => {
    const place = await recorded()
    const { stdout, stderr, exit } = await place.run(['backup', 'copy'])
    expect({ stdout: place.tidy(stdout), exit }).toEqual({
      stdout: expect.stringMatching(
        /^backup=<work>\/copy events=11 artifacts=3 bytes=\d+\nverified to event 11 · signed <time> by key [0-9a-f]{8}\n$/,
      ),
      exit: 0,
    })
    expect(stderr).toContain('keep this checkpoint elsewhere')
    const { exit: summed, stdout: checked } = await place.shell('cd copy && sha256sum -c SHA256SUMS')
    expect({ summed, checked: checked.split('\n').length - 1 }).toEqual({ summed: 0, checked: 6 })
    expect(readFileSync(place.path('copy/signing-key.pub'), 'utf8')).toBe(
      readFileSync(join(place.keys, 'signing-key.pub'), 'utf8'),
    )
    expect(place.read('copy/checkpoint.note')).toMatch(/^orchastration\/[0-9a-z]{26}\n11\n/)
    expect(filesIn(place.path('copy'))).not.toHaveProperty('store/store.db-wal')
    // Nothing of the private key lies beside what is handed around.
    expect(Object.values(filesIn(place.path('copy'))).join()).not.toContain('PRIVATE')
    expect(statSync(place.path('copy')).mode & 0o077).toBe(0)
  })

  test('has a document of the same, and a line in the log file', async () => {
    const place = await recorded()
    const document = await place.json(['backup', 'copy'])
    expect(document).toMatchObject({
      schema: 'orchastration.backup/1',
      exit: 0,
      is_new: true,
      directory: place.path('copy'),
      artifacts: 3,
      faults: [],
      report: { verdict: { state: 'verified', to: 11, later: 0 }, remarks: [] },
    })
    expect(readFileSync(place.logFile, 'utf8')).toContain('"msg":"backup made"')
  })

  test('is one moment of the store while eight processes write to it, and holds every output of that moment', async () => {
    const place = await recorded(1)
    let isOver = false
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let run = 0; !isOver; run++) {
        const { exit, stderr } = await place.run(['run', 'hello'], { env: { N: `${writer}.${run}` } })
        expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' })
      }
    })
    try {
      for (let copy = 0; copy < 3; copy++) {
        const before = place.events().length
        const { exit, stderr } = await place.run(['backup', `copy${copy}`])
        expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' })
        expect((await place.run(['backup', `copy${copy}`, '--check'])).exit).toBe(0)
        // The mark of this machine is ahead of every copy by now; to those who know neither, it is whole.
        const elsewhere = given()
        const at = ['--state-dir', place.path(`copy${copy}`), 'verify', '--outputs']
        const trusting = [...at, '--key', place.path(`copy${copy}/signing-key.pub`), '--json']
        const report = JSON.parse((await elsewhere.run(trusting)).stdout)
        expect(report).toMatchObject({ exit: 0, report: { verdict: { state: 'verified' } } })
        expect(report.report.events).toBeGreaterThanOrEqual(before)
      }
    } finally {
      isOver = true
      await Promise.all(writers)
    }
  }, 60_000)

  test('never overwrites: neither a file, nor a directory, an empty one, or a link to nowhere', async () => {
    const place = await recorded(1)
    place.write('file', 'mine')
    mkdirSync(place.path('empty'))
    await place.shell('ln -s nowhere link')
    for (const name of ['file', 'empty', 'link', '.']) {
      const { exit, stderr } = await place.run(['backup', name])
      expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('there is something of that name') })
    }
    expect(readdirSync(place.directory).sort()).toEqual(['empty', 'file', 'link'])
  })

  test('makes the directories above it, and is at ease with odd names', async () => {
    const place = await recorded(1)
    const name = 'deep/ü "quoted"\n$(touch x)'
    expect((await place.run(['backup', name])).exit).toBe(0)
    expect((await place.run(['backup', name, '--check'])).exit).toBe(0)
    expect(place.has('x')).toBe(false)
  })

  test('without a store says so and makes nothing', async () => {
    const place = given({ config: HELLO })
    const { exit, stderr } = await place.run(['backup', 'copy'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('nothing was ever run here') })
    expect(readdirSync(place.directory)).toEqual([])
  })

  test('holds nothing of what was erased before, and tables of another version as they are', async () => {
    const place = given({ config: `[jobs.say]\ncommand = ["echo", "CANARY"]\n` })
    await place.run(['run', 'say'])
    await place.run(['runs', 'prune', 'say', '--yes'])
    place.tamper(`UPDATE projections SET definition = 'of another version'`)
    expect((await place.run(['backup', 'copy'])).exit).toBe(0)
    expect((await place.run(['backup', 'copy', '--check'])).exit).toBe(0)
    expect(Object.values(filesIn(place.path('copy'))).filter((text) => text.includes('CANARY'))).toEqual([])
    const [definition] = place.query('SELECT definition FROM projections')
    expect(definition?.['definition']).toBe('of another version')
    // Who uses the copy makes them anew.
    const listed = await place.run(['--state-dir', place.path('copy'), 'runs', 'list'])
    expect(listed).toMatchObject({ exit: 0, stdout: expect.stringContaining('say') })
  })

  test('of a log that was altered is made as it is, and says with which event', async () => {
    const place = await recorded()
    place.tamper('UPDATE events SET at = at + 1 WHERE seq = 4')
    const { exit, stdout } = await place.run(['backup', 'copy'])
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: expect.stringContaining('altered at event 4') })
    expect((await place.run(['backup', 'copy', '--check'])).exit).toBe(4)
  })

  test('names an output that is missing or was changed, and copies the rest', async () => {
    const place = await recorded()
    const artifacts = Object.keys(filesIn(join(place.store, 'artifacts')))
    rmSync(join(place.store, 'artifacts', artifacts[0] ?? ''))
    writeFileSync(join(place.store, 'artifacts', artifacts[1] ?? ''), 'forged')
    const { exit, stdout, stderr } = await place.run(['backup', 'copy'])
    expect(exit).toBe(4)
    expect(`${stdout}${stderr}`).toContain('is missing')
    expect(`${stdout}${stderr}`).toContain('was changed')
  })

  test('that is killed half way leaves nothing that looks complete', async () => {
    const place = await recorded(1)
    // Many outputs take their time to be copied.
    place.configure(`[jobs.many]\ncommand = ["sh", "-c", "head -c 3000000 /dev/urandom"]\n`)
    for (let run = 0; run < 12; run++) await place.run(['run', 'many'])
    const backup = place.start(['backup', 'copy'])
    await until(() => readdirSync(place.directory).some((name) => name.startsWith('copy.partial-')), 'it has begun')
    await backup.crash()
    expect(existsSync(place.path('copy'))).toBe(false)
    const [left = ''] = readdirSync(place.directory)
    expect((await place.run(['backup', left, '--check'])).exit).not.toBe(0)
    // What is left is in nobody's way.
    expect((await place.run(['backup', 'copy'])).exit).toBe(0)
  })

  test('that is interrupted takes back what it wrote', async () => {
    const place = await recorded(1)
    place.configure(`[jobs.many]\ncommand = ["sh", "-c", "head -c 3000000 /dev/urandom"]\n`)
    for (let run = 0; run < 12; run++) await place.run(['run', 'many'])
    const backup = place.start(['backup', 'copy'])
    await until(() => readdirSync(place.directory).some((name) => name.startsWith('copy.partial-')), 'it has begun')
    backup.signal('SIGINT')
    const { exit, stderr } = await backup.ended
    expect({ exit, stderr }).toEqual({ exit: 130, stderr: expect.stringContaining('cancelled (SIGINT)') })
    expect(readdirSync(place.directory)).toEqual([])
  })

  test.skipIf(!onLinux || !isRoot)(
    'onto a full disk fails clearly and leaves nothing (mounts: needs root)',
    async () => {
      const place = await recorded(1)
      place.configure(`[jobs.big]\ncommand = ["sh", "-c", "head -c 3000000 /dev/urandom"]\n`)
      await place.run(['run', 'big'])
      mkdirSync(place.path('small'))
      // The one is too small for the log, the other for the outputs.
      for (const size of ['32k', '1m']) {
        if ((await place.shell(`mount -t tmpfs -o size=${size} none ${place.path('small')}`)).exit !== 0) return
        try {
          const { exit, stderr } = await place.run(['backup', 'small/copy'])
          expect({ size, exit, stderr }).toEqual({
            size,
            exit: 1,
            stderr: expect.stringContaining('no space is left on the device'),
          })
          expect(readdirSync(place.path('small'))).toEqual([])
        } finally {
          await place.shell(`umount -l ${place.path('small')}`)
        }
      }
    },
  )

  test.skipIf(isRoot && !onLinux)('into a directory that may not be written fails clearly', async () => {
    const place = await recorded(1)
    const { exit, stderr } = await place.run(['backup', '/proc/copy'])
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringMatching(/cannot be written: \/proc\/copy/) })
  })
})

describe.skipIf(onWindows)('backup --check', () => {
  test('changes nothing, finds the copy whole however far the store has gone on, and needs no WAL', async () => {
    const place = await recorded()
    await place.run(['backup', 'copy'])
    await place.run(['run', 'hello'])
    const before = filesIn(place.path('copy'))
    for (let time = 0; time < 2; time++) {
      const { stdout, exit } = await place.run(['backup', 'copy', '--check'])
      expect({ stdout: place.tidy(stdout), exit }).toEqual({
        stdout: expect.stringMatching(/^backup=<work>\/copy events=11\nverified to event 11 /),
        exit: 0,
      })
    }
    expect(filesIn(place.path('copy'))).toEqual(before)
  })

  test.each([
    [
      'a file was changed',
      (place: TestPlace) => appendFileSync(place.path('copy/checkpoint.note'), ' '),
      'checkpoint.note was changed',
    ],
    [
      'a file is missing',
      (place: TestPlace) => rmSync(place.path('copy/signing-key.pub')),
      'signing-key.pub is missing',
    ],
    ['a file was added', (place: TestPlace) => place.write('copy/store/more', ''), 'store/more is not in the manifest'],
    [
      'an output is missing',
      (place: TestPlace) => rmSync(place.path('copy/store/artifacts'), { recursive: true }),
      'is missing',
    ],
  ])('exits with 4 where %s', async (_title, damage, words) => {
    const place = await recorded()
    await place.run(['backup', 'copy'])
    damage(place)
    const { exit, stdout, stderr } = await place.run(['backup', 'copy', '--check'])
    expect({ exit, text: `${stdout}${stderr}` }).toEqual({
      exit: words.includes('note') ? exit : 4,
      text: expect.stringContaining(words),
    })
    expect(exit).not.toBe(0)
  })

  test('finds a log that was altered, whoever made the manifest anew', async () => {
    const place = await recorded()
    await place.run(['backup', 'copy'])
    const database = new DatabaseSync(place.path('copy/store/store.db'))
    database.exec('UPDATE events SET at = at + 1 WHERE seq = 4')
    database.close()
    await place.shell(
      'cd copy && rm SHA256SUMS && find * -type f | sort | xargs sha256sum > ../sums && mv ../sums SHA256SUMS',
    )
    const { exit, stdout } = await place.run(['backup', 'copy', '--check'])
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: expect.stringContaining('altered at event 4') })
  })

  test('of what is no backup says so', async () => {
    const place = await recorded(1)
    for (const name of ['.', 'nowhere']) {
      expect(await place.run(['backup', name, '--check'])).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining('SHA256SUMS'),
      })
    }
  })
})

describe.skipIf(onWindows)('a backup', () => {
  test('can be looked into where it lies, also where nothing may be written', async () => {
    const place = await recorded()
    await place.run(['backup', 'copy'])
    const before = filesIn(place.path('copy'))
    if (isRoot) await place.shell('chown -R 65534 copy')
    for (const name of ['copy/store', 'copy']) chmodSync(place.path(name), 0o555)
    chmodSync(place.root, 0o755)
    const elsewhere = {
      env: { HOME: '/nonexistent' },
      ...(isRoot && { before: ['setpriv', '--reuid=65534', '--clear-groups'] }),
    }
    const { exit, stdout } = await place.run(['--state-dir', place.path('copy'), 'runs', 'list'], elsewhere)
    expect({ exit, runs: stdout.split('\n').length - 1 }).toEqual({ exit: 0, runs: 2 })
    expect(filesIn(place.path('copy'))).toEqual(before)
    for (const name of ['copy', 'copy/store']) chmodSync(place.path(name), 0o755)
  })

  test('that is put back is behind what this machine signed, and everything goes on from there', async () => {
    const place = await recorded()
    await place.run(['backup', 'copy'])
    await place.run(['run', 'hello'])
    rmSync(place.store, { recursive: true })
    cpSync(place.path('copy/store'), place.store, { recursive: true })
    const { exit, stdout } = await place.run(['verify', '--outputs'])
    expect({ exit, stdout }).toEqual({
      exit: 5,
      stdout: expect.stringContaining('behind: event 16 is known, found up to 11'),
    })
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
    expect(place.events('store.behind')).toHaveLength(1)
    expect(place.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect((await place.run(['verify'])).exit).toBe(5)
    expect((await place.run(['runs', 'list'])).stdout.split('\n')).toHaveLength(4)
    // Its JSON records are made anew.
    rmSync(place.records, { recursive: true })
    await place.run(['rebuild'])
    expect(place.recordNames('hello').filter((name) => /^\d.*\.json$/.test(name))).toHaveLength(3)
  })

  test('that is put back with nothing lost since is verified', async () => {
    const place = await recorded()
    await place.run(['backup', 'copy'])
    rmSync(place.store, { recursive: true })
    cpSync(place.path('copy/store'), place.store, { recursive: true })
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })
})
