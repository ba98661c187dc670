import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

/** A command that notes that it ran. */
const notes = (word: string) => `["sh", "-c", "echo ${word} >> ledger"]`

const nodes = (...tables: readonly string[]) => tables.map((table) => `[[orchestrations.o.nodes]]\n${table}\n`).join('')

const states = (document: Readonly<Record<string, unknown>>) =>
  (document['agents'] as readonly Readonly<Record<string, unknown>>[]).map(({ id, status, item }) =>
    item === null ? `${id} ${status}` : `${id}[${item}] ${status}`,
  )

async function ran(place: TestPlace, ...args: readonly string[]) {
  const shown = await place.json(['orchestration', 'run', 'o', ...args])
  return { states: states(shown), shown }
}

describe.skipIf(onWindows)('a node', () => {
  test('runs a command with its surroundings, and what needs it comes after', async () => {
    const config = nodes(
      'id = "second"\nkind = "command"\nneeds = ["first"]\nwith = { command = "echo $WORD $PWD >> ledger", shell = true, env = { WORD = "two" } }',
      `id = "first"\nkind = "command"\nwith = { command = ${notes('one')} }`,
    )
    const place = given({ config })
    expect((await ran(place)).states).toEqual(['first success', 'second success'])
    expect(place.lines('ledger')).toEqual(['one', `two ${place.directory}`])
  })

  test('runs a job after all that it needs, each once, with parameters and the question that it asks', async () => {
    const config = `
[jobs.base]
command = ${notes('base')}
[jobs.pack]
command = ["sh", "-c", "echo pack {{target}} \\"$@\\" >> ledger", "sh"]
needs = ["base"]
params = { target = { enum = ["app", "lib"] } }
${nodes(
  'id = "app"\nkind = "job"\nwith = { job = "pack", params = { target = "app" }, args = ["-v"] }',
  'id = "lib"\nkind = "job"\nneeds = ["app"]\nwith = { job = "pack", params = { target = "lib" } }',
)}`
    const place = given({ config })
    expect((await ran(place)).states).toEqual(['app success', 'lib success'])
    expect(place.lines('ledger')).toEqual(['base', 'pack app -v', 'pack lib'])
  })

  test('asks a person, and the answer decides what is done', async () => {
    const config = nodes(
      'id = "where"\nkind = "human"\nwith = { text = "Where to?", choices = ["test", "live"] }',
      `id = "live"\nkind = "command"\nneeds = ["where"]\nwhen = 'where.answer == "live"'\nwith = { command = ${notes('live')} }`,
      `id = "test"\nkind = "command"\nneeds = ["where"]\nwhen = 'where.answer == "test"'\nwith = { command = ["sh", "-c", "echo {{context.where.answer}} >> ledger"] }`,
    )
    const place = given({ config })
    expect((await place.run(['orchestration', 'run', 'o'])).exit).toBe(3)
    await place.run(['answer', '2', 'test'])
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['test'])
    expect(place.events('node.ended').map(({ body }) => `${body['node']} ${body['status']}`)).toEqual([
      'where success',
      'live skipped',
      'test success',
    ])
  })

  test('that asks yes or no has failed by no', async () => {
    const place = given({ config: nodes('id = "sure"\nkind = "human"\nwith = { text = "Sure?" }') })
    await place.run(['orchestration', 'run', 'o'])
    await place.run(['answer', '2', 'no'])
    await place.untilStatus('failed')
  })

  test('waits', async () => {
    const config = nodes(
      'id = "pause"\nkind = "wait"\nwith = { for = "20ms" }',
      'id = "past"\nkind = "wait"\nwith = { until = "2020-01-01T00:00:00Z" }',
    )
    const place = given({ config })
    expect((await ran(place)).states).toEqual(['pause success', 'past success'])
    expect(place.events('timer.fired')).toHaveLength(2)
  })

  test('plays another orchestration in a context of its own, and its values come back below the node’s name', async () => {
    const config = `
[agents.Scout]
command = ["sh", "-c", "echo '{\\"scout.files\\": 7}'"]
writes = ["scout.files"]
[orchestrations.look]
agents = ["Scout"]
${nodes(
  'id = "inner"\nkind = "orchestration"\nwith = { orchestration = "look" }',
  `id = "after"\nkind = "command"\nneeds = ["inner"]\nwhen = "inner.scout.files > 6"\nwith = { command = ${notes('seven')} }`,
)}`
    const place = given({ config })
    const { shown, states: found } = await ran(place)
    expect(found).toEqual(['inner success', 'after success', 'inner/scout success'])
    expect(shown['context']).toEqual({ 'inner.scout.files': 7 })
    expect(place.lines('ledger')).toEqual(['seven'])
  })

  test('is done for each item, side by side, and what they write comes together in the order of the items', async () => {
    const config = `
[agents.Echo]
command = ["sh", "-c", "echo '{\\"echo.said\\": 1}'"]
writes = ["echo.said"]
${nodes(
  'id = "each"\nforeach = ["a", "b", "c"]\nwith = { agent = "Echo" }',
  'id = "said"\nkind = "command"\nneeds = ["each"]\nforeach = "echo.said.map(n, n + 1)"\nwith = { command = ["sh", "-c", "echo {{item}} >> ledger"] }',
)}`
    const place = given({ config })
    const { shown } = await ran(place, '--jobs', '1')
    expect(shown['context']).toEqual({ 'echo.said': [1, 1, 1] })
    expect(place.lines('ledger')).toEqual(['2', '2', '2'])
  })

  test('is done again until its condition holds, and fails where it never does', async () => {
    const count = `["sh", "-c", "echo x >> ledger; echo \\"{\\\\\\"lines\\\\\\": $(wc -l < ledger)}\\""]`
    const config = (limit: number) => `
[agents.Counter]
command = ${count}
writes = ["lines"]
${nodes(`id = "count"\nuntil = { condition = "lines >= 3", limit = ${limit} }\nwith = { agent = "Counter" }`)}`
    const good = given({ config: config(5) })
    expect((await ran(good)).states).toEqual(['count success', 'count success', 'count success'])
    const bad = given({ config: config(2) })
    const { exit, stderr } = await bad.run(['orchestration', 'run', 'o'])
    expect(exit).toBe(1)
    expect(stderr).toContain('count was done 2 times, and "lines >= 3" still does not hold')
  })

  test('that failed is tried again, runs out of time, or is taken up by another one', async () => {
    const config = nodes(
      'id = "flaky"\nkind = "command"\nretry = { attempts = 3, backoff = "1ms" }\nwith = { command = ["sh", "-c", "echo try >> ledger; test $(wc -l < ledger) -ge 2"] }',
      'id = "slow"\nkind = "command"\nneeds = ["flaky"]\ntimeout = "50ms"\non_failure = "mend"\nwith = { command = ["sleep", "100"] }',
      `id = "mend"\nkind = "command"\nwith = { command = ${notes('mended')} }`,
      `id = "after"\nkind = "command"\nneeds = ["slow"]\nwith = { command = ${notes('after')} }`,
      'id = "odd"\nkind = "command"\nneeds = ["after"]\non_failure = "continue"\nwith = { command = ["false"] }',
      `id = "last"\nkind = "command"\nneeds = ["odd"]\nwith = { command = ${notes('last')} }`,
    )
    const place = given({ config })
    const { states: found, shown } = await ran(place)
    expect(found).toEqual([
      'flaky failed',
      'flaky success',
      'slow failed',
      'mend success',
      'after success',
      'odd failed',
      'last success',
    ])
    expect(shown['exit']).toBe(0)
    expect(place.lines('ledger')).toEqual(['try', 'try', 'mended', 'after', 'last'])
  })

  test('that nothing takes up ends the run: no other one begins, and questions close', async () => {
    const config = nodes(
      'id = "bad"\nkind = "command"\nwith = { command = ["false"] }',
      'id = "ask"\nkind = "human"\nwith = { text = "Well?" }',
      `id = "next"\nkind = "command"\nneeds = ["bad"]\nwith = { command = ${notes('next')} }`,
    )
    const place = given({ config })
    const { states: found, shown } = await ran(place)
    expect(found).toEqual(['bad failed', 'ask skipped', 'next skipped'])
    expect(shown['status']).toBe('failed')
    await place.gives(['inbox'], { stdout: 'nobody is asked anything\n', exit: 0 })
  })
})
