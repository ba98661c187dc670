import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const CANARY = 'canary-77ab'
/** Each run writes something of its own. */
const CONFIG = `[jobs.sing]
command = ["sh", "-c", "echo ${CANARY} $$"]
[jobs.hello]
command = ["echo", "hello"]
[jobs.slow]
command = ["sh", "-c", "echo begun; until test -e go; do sleep 0.01; done; echo done"]
`

function holders(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(CANARY))
}

const count = (place: TestPlace, where: string) =>
  Number(place.query(`SELECT count(*) AS n FROM events WHERE ${where}`)[0]?.['n'] ?? 0)
const facts = (place: TestPlace) => count(place, `type = 'run.erased'`)
const emptied = (place: TestPlace) => count(place, 'body IS NULL')

/** What is missing is explained, and what is named is there. */
async function expectSound(place: TestPlace): Promise<void> {
  const { exit, stdout, stderr } = await place.run(['verify', '--outputs'])
  expect({ exit, stdout, stderr }).toMatchObject({ exit: 0 })
}

describe.skipIf(onWindows)('runs prune that is killed', () => {
  test('wherever that is, leaves a sound store, and the next one leaves nothing', async () => {
    const place = given({ config: CONFIG })
    // Far more than a page of every table, so that each part of it takes a while.
    const { stdout: failed } = await place.shell(
      'for i in $(seq 60); do (said=$(orchastration run sing 2>&1) || echo "$said") & test $((i % 8)) = 0 && wait; done; wait',
    )
    expect(failed).toBe('')
    const marker = join(place.store, 'erasing.begun')
    const artifacts = () => readdirSync(join(place.store, 'artifacts'), { recursive: true }).length
    const before = { artifacts: artifacts(), facts: 0, emptied: 0 }
    const moments: readonly (() => boolean)[] = [
      () => existsSync(marker),
      () => facts(place) > before.facts,
      () => artifacts() < before.artifacts,
      () => emptied(place) > before.emptied,
      () => emptied(place) > before.emptied && !existsSync(marker),
    ]
    for (const [index, isNow] of moments.entries()) {
      Object.assign(before, { artifacts: artifacts(), facts: facts(place), emptied: emptied(place) })
      const keep = 50 - 10 * index
      const prune = place.start(['runs', 'prune', '--keep', String(keep), '--yes'])
      await until(() => isNow() || prune.hasEnded, `moment ${index}`)
      await prune.crash()
      await expectSound(place)
    }
    await place.run(['runs', 'prune', '--keep', '0', '--yes'])
    await expectSound(place)
    const [last] = place.query('SELECT id FROM runs WHERE erased_at IS NULL')
    await place.run(['runs', 'prune', String(last?.['id']), '--yes'])
    expect(holders(place.store)).toEqual([])
    expect(holders(place.records)).toEqual([])
    expect(existsSync(marker)).toBe(false)
    expect(facts(place)).toBe(60)
    await expectSound(place)
  }, 60_000)

  test('is named by doctor, and ended by runs prune without any rule', async () => {
    const place = given({ config: CONFIG })
    for (let time = 0; time < 3; time++) await place.run(['run', 'sing'])
    const prune = place.start(['runs', 'prune', '--keep', '1', '--yes'])
    await until(() => existsSync(join(place.store, 'erasing.begun')) || prune.hasEnded, 'it has begun')
    await prune.crash()
    if (existsSync(join(place.store, 'erasing.begun')))
      expect((await place.run(['doctor'])).stdout).toContain('was interrupted before everything was erased')
    await place.shell(`touch ${join(place.store, 'erasing.begun')}`)
    expect((await place.run(['doctor'])).stdout).toContain('orchastration runs prune --yes')
    expect((await place.run(['runs', 'prune'])).exit).toBe(2)
    expect((await place.run(['runs', 'prune', '--yes'])).exit).toBe(0)
    expect((await place.run(['doctor'])).stdout).not.toContain('interrupted before')
    expect((await place.run(['runs', 'prune', '--yes'])).stderr).toContain('[retention]')
  })
})

describe.skipIf(onWindows)('runs prune beside others', () => {
  test('loses nothing of eight living processes, and they lose nothing by it', async () => {
    const place = given({ config: CONFIG })
    for (let time = 0; time < 4; time++) await place.run(['run', 'sing'])
    const busy = Array.from({ length: 8 }, () =>
      place.shell(
        `for i in 1 2 3 4 5; do orchastration run sing >/dev/null || exit 1; orchastration run hello >/dev/null || exit 1; done`,
      ),
    )
    const prunes: number[] = []
    for (let round = 0; round < 12; round++)
      prunes.push((await place.run(['runs', 'prune', '--keep', '2', '--yes'])).exit)
    const exits = (await Promise.all(busy)).map(({ exit }) => exit)
    expect(exits).toEqual(Array(8).fill(0))
    expect(prunes.every((exit) => exit === 0 || exit === 1)).toBe(true)
    await expectSound(place)
    // What had to wait for a step that went on is ended now.
    expect((await place.run(['runs', 'prune', '--keep', '2', '--yes'])).exit).toBe(0)
    await expectSound(place)
    expect(facts(place)).toBe(80)
    const kept = place.query('SELECT id FROM runs WHERE erased_at IS NULL').map((row) => String(row['id']))
    expect(kept).toHaveLength(4)
    for (const run of kept) expect((await place.run(['runs', 'logs', run])).exit).toBe(0)
  }, 120_000)

  test('two at once erase each run once', async () => {
    const place = given({ config: CONFIG })
    for (let time = 0; time < 6; time++) await place.run(['run', 'sing'])
    const both = await Promise.all([1, 2, 3].map(() => place.run(['runs', 'prune', '--keep', '1', '--yes'])))
    expect(both.map(({ exit, stderr }) => ({ exit, stderr }))).toEqual(both.map(({ stderr }) => ({ exit: 0, stderr })))
    expect(facts(place)).toBe(5)
    await expectSound(place)
  })

  test('readers who follow a run that goes on read on, and one of an erased run is told', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'sing'])
    const erased = place.lastRun()
    const slow = place.start(['run', 'slow'])
    await place.untilEvent('step.started', 2)
    const logs = place.start(['runs', 'logs', 'slow', '-f'])
    await until(() => logs.stdout.includes('begun'), 'it is followed')
    expect((await place.run(['runs', 'prune', erased, '--yes'])).exit).toBe(0)
    place.write('go', '')
    expect((await slow.ended).exit).toBe(0)
    expect(await logs.ended).toMatchObject({ exit: 0, stdout: 'begun\ndone\n' })
    expect((await place.run(['runs', 'logs', erased, '-f'])).exit).toBe(2)
  })

  test('a run that is resumed or cancelled at the same moment is erased or told so, never both', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'sing'])
    const run = place.lastRun()
    const [pruned, ...others] = await Promise.all([
      place.run(['runs', 'prune', run, '--yes']),
      place.run(['runs', 'resume', run]),
      place.run(['runs', 'cancel', run]),
      place.run(['runs', 'retry', run]),
    ])
    expect(pruned?.exit).toBe(0)
    for (const { exit } of others) expect(exit).toBe(2)
    await expectSound(place)
  })
})
