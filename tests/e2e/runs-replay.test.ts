import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const CONFIG = `[jobs.one]
command = ["sh", "-c", "echo ran >> ran.txt"]
[jobs.bad]
command = ["sh", "-c", "echo ran >> ran.txt; exit 3"]
needs = ["one"]
retry = { attempts = 2, backoff = "1ms" }
[jobs.ask]
command = ["sh", "-c", "echo ran >> ran.txt"]
confirm = "Go on?"
[tasks.t]
repo = "external"
working_dir = "/"
command = ["sh", "-c", "true"]
`

/** All files of the machine with what is in them; what a reader of the store maps into memory is no content. */
function filesOf(place: TestPlace): ReadonlyMap<string, string> {
  const names = readdirSync(place.root, { recursive: true, withFileTypes: true })
  return new Map(
    names
      .filter((entry) => entry.isFile() && !/store\.db-(shm|wal)$/.test(entry.name))
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'latin1')]),
  )
}

describe.skipIf(onWindows)('runs replay', () => {
  test.each([
    ['one', 'equal: 1 command, 3 facts, and its end: succeeded', ['run', 'one']],
    ['bad', 'equal: 2 commands, 6 facts, and its end: failed', ['run', 'bad']],
    ['ask', 'equal: 1 command, 2 facts, up to where it stands: waiting', ['run', 'ask']],
    ['build:t', 'equal: 1 command, 3 facts, and its end: succeeded', ['build', 'run', 't']],
    ['default', 'and its end: succeeded', ['orchestration', 'run', '--goal', 'run one']],
  ])('of the run of %s is equal, executes nothing and writes nothing', async (name, said, argv) => {
    const place = given({ config: CONFIG })
    await place.run(argv)
    const before = filesOf(place)
    const { stdout, stderr, exit } = await place.run(['runs', 'replay', name])
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 })
    expect(place.tidy(stdout).split('\n')[0]).toBe(`${name} · <run>`)
    expect(stdout).toContain(said)
    expect(filesOf(place)).toEqual(before)
  })

  test('of a run that was cancelled while it waited is equal, too', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'ask'])
    await place.run(['runs', 'cancel', 'ask'])
    await place.gives(['runs', 'replay', 'ask'], {
      stdout: 'ask · <run>\n  equal: 1 command, 2 facts, up to where it was closed from outside: cancelled\n',
      exit: 0,
    })
  })

  test('of a run whose record was altered names the event', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'one'])
    const [step] = place.events('step.succeeded')
    const database = new DatabaseSync(join(place.store, 'store.db'))
    database.exec(`UPDATE events SET body = replace(body, '"exit":0', '"exit":1') WHERE seq = ${step?.seq}`)
    database.close()
    const { stdout, exit } = await place.run(['runs', 'replay', 'one', '--json'])
    const { code, seq } = JSON.parse(stdout).failure
    expect({ code, seq, exit }).toEqual({ code: 'event_unreadable', seq: step?.seq, exit: 8 })
  })

  test('of an erased run says that its bodies are gone', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'one'])
    await place.run(['runs', 'prune', 'one', '--yes'])
    const { stdout, exit } = await place.run(['runs', 'replay', 'one', '--json'])
    expect({ code: JSON.parse(stdout).failure.code, exit }).toEqual({ code: 'body_erased', exit: 2 })
  })
})
