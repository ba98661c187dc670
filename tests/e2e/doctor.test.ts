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
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRoot, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const HELLO = `[jobs.hello]\ncommand = ["echo", "out"]\n`

interface Finding {
  readonly check: string
  readonly state: 'ok' | 'note' | 'problem'
  readonly what: string
  readonly where: string | null
  readonly detail: readonly string[]
  readonly todo: readonly string[]
}

async function recorded(): Promise<TestPlace> {
  const place = given({ config: HELLO })
  for (let run = 0; run < 2; run++) await place.run(['run', 'hello'])
  return place
}

async function findingsOf(place: TestPlace, env: Record<string, string> = {}): Promise<readonly Finding[]> {
  const { stdout, exit } = await place.run(['doctor', '--json'], { env })
  const { findings, problems, exit: told } = JSON.parse(stdout)
  expect({ exit, told }).toEqual({ exit: problems > 0 ? 1 : 0, told: exit })
  return findings
}

/** Everything but what is well, without the tools that a machine may lack. */
async function troubles(place: TestPlace, env: Record<string, string> = {}): Promise<readonly Finding[]> {
  return (await findingsOf(place, env)).filter(
    ({ check, state }) => state !== 'ok' && check !== 'git' && check !== 'gh',
  )
}

/** Every file below a directory, with what is in it and when it was written. */
function snapshot(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true })
    .map((name) => join(directory, String(name)))
    .filter((path) => statSync(path).isFile() && !/-(wal|shm)$/.test(path))
    .map((path) => `${path} ${statSync(path).mtimeMs} ${readFileSync(path, 'latin1').length}`)
    .sort()
}

describe.skipIf(onWindows)('doctor', () => {
  test('finds nothing wrong where nothing was ever run, and makes nothing', async () => {
    const place = given({ config: HELLO })
    const { stdout, exit } = await place.run(['doctor'])
    expect({ exit, last: stdout.split('\n').at(-2) }).toEqual({
      exit: 0,
      last: expect.stringMatching(/^0 problems, \d notes?$/),
    })
    expect(stdout).toContain('ok       configuration      ~/.config/orchastration/config.toml: valid, 1 job\n')
    expect(stdout).toMatch(/^ok {7}version {12}\S+ \(commit .*\) · \w+ \w+\n/)
    expect(readdirSync(place.home)).toEqual(['.config'])
  })

  test('finds nothing wrong with a store that was used, and changes no file of it', async () => {
    const place = await recorded()
    const before = snapshot(place.home)
    expect(await troubles(place)).toEqual([])
    expect(snapshot(place.home)).toEqual(before)
    const findings = await findingsOf(place)
    expect(findings.map(({ check }) => check)).toEqual([
      'version',
      'configuration',
      'store directory',
      'key directory',
      'records directory',
      'log directory',
      'log file',
      'signing key',
      'store',
      'integrity',
      'signed so far',
      'events',
      'clock',
      'tables',
      'runs',
      'records',
      'processes',
      'environment',
      'git',
      'gh',
    ])
  })

  const damages: readonly (readonly [string, (place: TestPlace) => void, Partial<Finding>])[] = [
    [
      'a key that others may read',
      (place) => chmodSync(join(place.keys, 'signing-key.pem'), 0o644),
      { check: 'signing key', state: 'problem', todo: [expect.stringContaining('chmod 600')] },
    ],
    [
      'a key that is none',
      (place) => writeFileSync(join(place.keys, 'signing-key.pem'), 'nonsense'),
      { check: 'signing key', state: 'problem' },
    ],
    [
      'a store that others may write to',
      (place) => chmodSync(place.store, 0o777),
      { check: 'store directory', state: 'problem', what: 'others may write to it', where: expect.any(String) },
    ],
    [
      'keys that others may list',
      (place) => chmodSync(place.keys, 0o755),
      { check: 'key directory', state: 'note', what: 'others may look into it' },
    ],
    [
      'a log file that is a directory',
      (place) => {
        rmSync(place.logFile)
        mkdirSync(place.logFile)
      },
      { check: 'log file', state: 'problem', what: 'it is no file' },
    ],
    [
      'records that are a file',
      (place) => {
        rmSync(place.records, { recursive: true })
        writeFileSync(place.records, '')
      },
      { check: 'records directory', state: 'problem', what: 'it is no directory' },
    ],
    [
      'a log that was cut',
      (place) => place.tamper('DELETE FROM events WHERE seq > 6; DELETE FROM checkpoints WHERE size > 6'),
      { check: 'signed so far', state: 'problem', what: expect.stringMatching(/signed 11 events, and the log has 6/) },
    ],
    [
      'a log whose signed event is another one',
      (place) => place.tamper(`UPDATE events SET hash = '${'0'.repeat(64)}' WHERE seq = 11`),
      { check: 'signed so far', state: 'problem', what: expect.stringContaining('event 11 is not the one') },
    ],
    [
      'an event that cannot be read',
      (place) => place.tamper(`UPDATE events SET body = '{}' WHERE seq = 4`),
      { check: 'events', state: 'problem', what: expect.stringMatching(/^1 event cannot be read, first event 4/) },
    ],
    [
      'an event from the future',
      (place) => place.tamper('UPDATE events SET at = at + 3600000 WHERE seq = 5'),
      { check: 'clock', state: 'problem', what: expect.stringContaining('an event is from') },
    ],
    [
      'tables of another version',
      (place) => place.tamper(`UPDATE projections SET definition = 'other'`),
      { check: 'tables', state: 'note' },
    ],
    ['a table that is missing', (place) => place.tamper('DROP TABLE waits'), { check: 'tables', state: 'note' }],
    [
      'a record that is missing',
      (place) => rmSync(join(place.records, 'runs/hello'), { recursive: true }),
      {
        check: 'records',
        state: 'problem',
        what: '2 JSON records of the latest runs are missing',
        todo: ['make them anew:  orchastration rebuild'],
      },
    ],
    [
      'a store that is damaged',
      (place) => writeFileSync(join(place.store, 'store.db'), 'x'.repeat(5000)),
      { check: 'store', state: 'problem', what: expect.stringContaining('the store is damaged') },
    ],
    [
      'a store of a newer version',
      (place) => place.tamper('PRAGMA user_version = 99'),
      { check: 'store', state: 'problem', what: expect.stringContaining('a newer version of orchastration') },
    ],
    [
      'a configuration that is wrong',
      (place) => place.configure('[jobs.hello]\ncomand = 1\n'),
      { check: 'configuration', state: 'problem', detail: expect.arrayContaining([expect.stringContaining('comand')]) },
    ],
    [
      'a configuration that is a directory',
      (place) => {
        rmSync(place.configFile)
        mkdirSync(place.configFile)
      },
      { check: 'configuration', state: 'problem', what: expect.stringContaining('cannot be read') },
    ],
    [
      'a configuration that others may write to',
      (place) => chmodSync(place.configFile, 0o666),
      {
        check: 'configuration',
        state: 'problem',
        what: expect.stringContaining('others may write to it'),
        todo: [expect.stringContaining('chmod go-w ')],
      },
    ],
    [
      'a project file that nobody trusted',
      (place) => place.write('orchastration.toml', HELLO),
      {
        check: 'configuration',
        state: 'note',
        what: expect.stringContaining('not trusted'),
        where: expect.any(String),
      },
    ],
    [
      'a project file that is wrong, and not trusted either',
      (place) => place.write('orchastration.toml', '[jobs.hello]\ncomand = 1\n'),
      { check: 'configuration', state: 'note' },
    ],
  ]
  test.each(damages)('tells of %s', async (_title, damage, finding) => {
    const place = await recorded()
    damage(place)
    // A clock that is ahead, say, is not all that a tampered event is told for.
    expect(await troubles(place)).toContainEqual(expect.objectContaining(finding))
    const { stdout } = await place.run(['doctor'])
    expect(stdout).toMatch(new RegExp(`^${finding.state} .*${finding.check}`, 'm'))
  })

  test('says what to do below each line, and the number of problems last', async () => {
    const place = await recorded()
    chmodSync(join(place.keys, 'signing-key.pem'), 0o644)
    const { stdout, exit } = await place.run(['doctor'])
    expect(exit).toBe(1)
    expect(stdout).toMatch(
      /^problem {2}signing key .*\n {9}others than its owner may read or write it\n {9}-> .*chmod 600 .*signing-key\.pem\n/m,
    )
    expect(stdout).toMatch(/\n1 problem, \d notes?\n$/)
  })

  test('finds damage inside of the file', async () => {
    const place = await recorded()
    await place.run(['verify'])
    const path = join(place.store, 'store.db')
    truncateSync(path, Math.floor(statSync(path).size / 4096 / 2) * 4096)
    const found = await troubles(place)
    expect(found.map(({ state }) => state)).toContain('problem')
    expect(found.map(({ check }) => check).join()).toMatch(/store|integrity/)
  })

  test('tells of a restored store, and of a store that is gone', async () => {
    const place = await recorded()
    cpSync(place.store, place.path('old'), { recursive: true })
    await place.run(['run', 'hello'])
    rmSync(place.store, { recursive: true })
    cpSync(place.path('old'), place.store, { recursive: true })
    expect(await troubles(place)).toContainEqual(
      expect.objectContaining({ check: 'signed so far', what: expect.stringContaining('it was cut or restored') }),
    )
    rmSync(place.store, { recursive: true })
    expect(await troubles(place)).toContainEqual(
      expect.objectContaining({
        check: 'signed so far',
        what: expect.stringContaining('another store that is not here'),
      }),
    )
  })

  test('tells of an interrupted run, and of what it left running', async () => {
    const place = given({ config: `[jobs.long]\ncommand = ["sleep", "300"]\n` })
    const running = place.start(['run', 'long'])
    await place.untilEvent('step.started')
    expect(await troubles(place)).toEqual([])
    await running.crash()
    const run = place.lastRun()
    const found = await troubles(place)
    expect(found).toContainEqual(
      expect.objectContaining({
        check: 'runs',
        state: 'note',
        what: '1 run is interrupted: its process is gone',
        todo: [`long:  orchastration runs resume ${run}`],
      }),
    )
    if (onLinux) {
      expect(found).toContainEqual(
        expect.objectContaining({
          check: 'leftovers',
          state: 'problem',
          detail: [expect.stringMatching(/^\d+ {2}sleep 300$/)],
        }),
      )
    }
    await place.run(['runs', 'cancel', run])
    expect((await troubles(place)).filter(({ check }) => check === 'runs' || check === 'leftovers')).toEqual([])
  })

  test('removes with --repair, and only then, the files of processes that are gone for a while', async () => {
    const place = given({ config: `[jobs.long]\ncommand = ["sleep", "300"]\n` })
    const owners = join(place.store, 'owners')
    const living = place.start(['run', 'long'])
    await place.untilEvent('step.started')
    const [alive = ''] = readdirSync(owners)
    const dead = place.start(['run', 'long'])
    await place.untilEvent('step.started', 2)
    await dead.crash()
    const names = readdirSync(owners)
    const gone = names.find((name) => name !== alive) ?? ''
    const old = new Date(Date.now() - 120_000)
    // Young, it may belong to a process that is just starting; and whoever lives may be as old as it likes.
    expect((await troubles(place)).filter(({ check }) => check === 'processes')).toEqual([])
    for (const name of names) utimesSync(join(owners, name), old, old)
    writeFileSync(join(owners, 'notes.txt'), 'mine')
    expect(await troubles(place)).toContainEqual(
      expect.objectContaining({ check: 'processes', state: 'note', what: '1 file of processes that are gone' }),
    )
    expect(readdirSync(owners)).toContain(gone)
    const { stdout } = await place.run(['doctor', '--repair'])
    expect(stdout).toContain(
      'removed 1 file of processes that are gone; 1 process of this program at work on the store',
    )
    expect(readdirSync(owners).sort()).toEqual([alive, 'notes.txt'].sort())
    expect(readFileSync(place.logFile, 'utf8')).toContain(`"removed":"owners/${gone}","msg":"repaired"`)
    // What the dead one ran is interrupted as before, what the living one runs is not.
    expect(((await place.json(['runs', 'list', '--status', 'interrupted']))['runs'] as object[]).length).toBe(1)
    await living.crash()
    for (const run of place.events('run.queued')) await place.run(['runs', 'cancel', run.run])
  })

  test('looks at the environment', async () => {
    const place = await recorded()
    const state = place.path('elsewhere')
    const found = await troubles(place, { BUN_OPTIONS: '--smol', ORCHASTRATION_STATE_DIR: state, PATH: '/usr/bin:.' })
    const told = found.filter(({ check }) => check === 'environment')
    expect(told.map(({ state: how, what }) => [how, what])).toEqual([
      ['problem', expect.stringContaining('BUN_OPTIONS is set')],
      ['note', 'ORCHASTRATION_STATE_DIR moves store and records'],
      ['note', expect.stringContaining('PATH holds the current directory')],
    ])
    const missing = (await findingsOf(place, { PATH: '/nowhere' })).filter(
      ({ check }) => check === 'git' || check === 'gh',
    )
    expect(missing.map(({ state: how }) => how)).toEqual(['note', 'note'])
  })

  test.skipIf(!onLinux || !isRoot)('tells of a full disk and of a store in memory (mounts: needs root)', async () => {
    const place = given({ config: HELLO })
    mkdirSync(place.path('small'))
    if ((await place.shell(`mount -t tmpfs -o size=2m none ${place.path('small')}`)).exit !== 0) return
    try {
      const { stdout, exit } = await place.run(['doctor', '--state-dir', 'small/state'])
      expect(exit).toBe(1)
      expect(stdout).toMatch(/problem {2}store directory .*only 2 MB are free\n {9}-> make room/)
      expect(stdout).toMatch(/note {5}store directory .*it lies in memory/)
    } finally {
      await place.shell(`umount -l ${place.path('small')}`)
    }
  })

  test.skipIf(!onLinux)('tells of a store that cannot be written, or belongs to somebody else', async () => {
    const place = await recorded()
    if (isRoot) {
      await place.shell(`chown -R 65534 ${place.store}`)
      expect(await troubles(place)).toContainEqual(
        expect.objectContaining({ check: 'store directory', state: 'problem', what: 'it belongs to another user' }),
      )
    } else {
      chmodSync(place.store, 0o500)
      const found = await troubles(place)
      chmodSync(place.store, 0o700)
      expect(found).toContainEqual(expect.objectContaining({ check: 'store directory', what: 'it cannot be written' }))
    }
  })

  test('notices a rebuild that was killed half way, until it is run again', async () => {
    const place = await recorded()
    // What a kill after the records were cleared leaves.
    for (const name of place.recordNames('hello')) rmSync(join(place.records, 'runs/hello', name))
    expect((await troubles(place)).map(({ check }) => check)).toEqual(['records'])
    await place.run(['rebuild'])
    expect(await troubles(place)).toEqual([])
    const [, newest = ''] = place.recordNames('hello').filter((name) => /^\d.*\.json$/.test(name))
    appendFileSync(join(place.records, 'runs/hello', newest), 'torn')
    expect((await troubles(place)).map(({ check }) => check)).toEqual(['records'])
  })

  test('works with a configuration that was asked for and is not there', async () => {
    const place = await recorded()
    const { stdout, exit } = await place.run(['doctor', '--config', 'nowhere.toml'])
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: expect.stringContaining('configuration file not found') })
    expect(existsSync(dirname(place.configFile))).toBe(true)
  })
})
