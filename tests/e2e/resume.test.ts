import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lives, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

/** Two jobs that end, then one that ends once `go` is there; each notes its key when it starts. */
function chain(more = ''): string {
  const note = 'echo $0 $ORCHASTRATION_IDEMPOTENCY_KEY >> ledger'
  return `[jobs.one]\ncommand = ["sh", "-c", "${note}", "one"]
[jobs.two]\ncommand = ["sh", "-c", "${note}", "two"]\nneeds = ["one"]
[jobs.three]\ncommand = ["sh", "-c", "${note}; echo $$ >> pids; [ -e go ] || sleep 300", "three"]\nneeds = ["two"]\n${more}\n`
}

/** A run that died while its third job was running, which lives on. */
async function crashed(config: string): Promise<TestPlace> {
  const place = given({ config })
  const run = place.start(['run', 'three'])
  await until(() => place.lines('pids').length === 1, 'the third job runs')
  await run.crash()
  return place
}

describe.skipIf(onWindows)('after kill -9', () => {
  test('status names the run, what was in flight, what still runs, and how to go on', async () => {
    const place = await crashed(chain())
    const orphan = Number(place.lines('pids')[0])
    const { stdout, stderr, exit } = await place.run(['status'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    expect(stdout).toMatch(/^one - exit=0 .*\nthree - no runs recorded\ntwo - exit=0 .*\n\nthree - interrupted /)
    expect(stdout).toContain('three - interrupted after step 2 of 3 (three in flight, not idempotent)\n')
    if (onLinux) expect(stdout).toMatch(new RegExp(`still running: ${orphan} sh -c .*\n`))
    expect(stdout).toContain(`          run: ${place.lastRun()}\n`)
    expect(stdout).toContain(`go on: orchastration runs resume ${place.lastRun()}\n`)
    expect(stdout).toContain('start anew: orchastration run three\n')
    const listed = await place.json(['runs', 'list', '--status', 'interrupted'])
    expect(listed['runs']).toEqual([expect.objectContaining({ run: place.lastRun(), interrupted: true })])
    await place.run(['runs', 'cancel', place.lastRun()])
  })

  test.each(['logs', 'events'])(
    'runs %s -f says that nothing comes and how to go on, and shows what then comes',
    async (what) => {
      const place = await crashed(chain())
      const follower = place.start(['runs', what, '-f', place.lastRun()])
      const told = `interrupted, nothing comes until somebody goes on with it: orchastration runs resume ${place.lastRun()}\n`
      await until(() => follower.stderr.includes(told), 'the follower says so')
      place.write('go', '')
      await place.run(['runs', 'resume', place.lastRun()])
      const { stderr, stdout, exit } = await follower.ended
      expect(exit).toBe(0)
      expect(stderr.split(told)).toHaveLength(2)
      if (what === 'events') expect(stdout).toContain('run.succeeded')
    },
  )

  test('resume runs no recorded step again, and the one in flight with the same key, after its orphan is dead', async () => {
    const place = await crashed(chain())
    const orphan = Number(place.lines('pids')[0])
    expect(lives(orphan)).toBe(true)
    place.write('go', '')
    const resumed = await place.run(['runs', 'resume', place.lastRun()])
    expect(resumed).toEqual({
      stdout: `run=${place.lastRun()} status=succeeded\n`,
      stderr: expect.stringMatching(/three · ok/),
      exit: 0,
    })
    expect(lives(orphan)).toBe(false)
    const ledger = place.lines('ledger')
    expect(ledger.map((line) => line.split(' ')[0])).toEqual(['one', 'two', 'three', 'three'])
    expect(ledger[2]).toBe(ledger[3])
    for (const line of ledger) expect(line.split(' ')[1]).toMatch(new RegExp(`^${place.lastRun()}/\\d+$`))
    expect(new Set(ledger.map((line) => line.split(' ')[1])).size).toBe(3)
    for (const job of ['one', 'two', 'three']) {
      expect(place.recordNames(job).filter((name) => /^\d.*\.json$/.test(name))).toHaveLength(1)
    }
  })

  test('the run keeps the configuration that it started with', async () => {
    const place = await crashed(chain())
    place.configure(`[jobs.three]\ncommand = ["sh", "-c", "echo changed >> ledger"]\n`)
    place.write('go', '')
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    expect(place.lines('ledger')).toHaveLength(4)
    expect(place.lines('ledger')).not.toContain('changed')
  })

  test('unattended, a step that is not idempotent is asked about, not started again', async () => {
    const place = await crashed(chain())
    const { exit, stderr } = await place.run(['work', '--once'])
    expect(exit).toBe(3)
    expect(stderr).toBe(`paused: orchastration runs resume ${place.lastRun()}\n`)
    expect(place.lines('ledger')).toHaveLength(3)
    const status = await place.run(['status'])
    expect(status.stdout).toContain('three - paused (three in flight, not idempotent)\n')
    expect(status.stdout).toContain('orchastration answer 1 resume | cancel\n')
    place.write('go', '')
    expect((await place.run(['answer', '1', 'resume'])).exit).toBe(0)
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toHaveLength(4)
  })

  test('unattended, the question may be answered with cancel, which ends the orphan', async () => {
    const place = await crashed(chain())
    await place.run(['work', '--once'])
    expect((await place.run(['answer', '1', 'cancel'])).exit).toBe(0)
    await place.untilStatus('cancelled')
    expect(lives(Number(place.lines('pids')[0]))).toBe(false)
  })

  test.each([
    ['is idempotent', 'idempotent = true'],
    ['says resume = "auto"', 'resume = "auto"\n[jobs.one.env]\n'],
  ])('unattended, a run goes on by itself where its step %s', async (title, more) => {
    const config = title.startsWith('is')
      ? chain(more)
      : chain().replaceAll('needs', 'resume = "auto"\nneeds').replace('"one"]', '"one"]\nresume = "auto"')
    const place = await crashed(config)
    place.write('go', '')
    expect((await place.run(['work', '--once'])).exit).toBe(0)
    expect(place.lines('ledger')).toHaveLength(4)
    await place.untilStatus('succeeded')
  })

  test('unattended, a run that dies again and again goes on three times, then asks', async () => {
    const place = await crashed(chain('idempotent = true'))
    for (const times of [2, 3, 4]) {
      const work = place.start(['work', '--once'])
      await until(() => place.lines('pids').length === times, `the job runs for the ${times}. time`)
      await work.crash()
    }
    const { exit } = await place.run(['work', '--once'])
    expect(exit).toBe(3)
    expect(place.lines('pids')).toHaveLength(4)
    expect(String(place.query('SELECT text FROM questions')[0]?.['text'])).toContain('3 times in a row')
    await place.run(['runs', 'cancel', place.lastRun()])
  })

  test('no other command goes on with the run', async () => {
    const place = await crashed(`${chain()}[jobs.other]\ncommand = ["true"]\n`)
    const { exit } = await place.run(['run', 'other'])
    expect(exit).toBe(0)
    await place.run(['list'])
    await place.run(['runs', 'list'])
    expect(place.lines('ledger')).toHaveLength(3)
    expect(place.events('run.resumed')).toEqual([])
    await place.run(['runs', 'cancel', place.lastRunOf('three')])
  })

  test('the same job started anew ends the orphan first, and says so', async () => {
    const place = await crashed(chain())
    const orphan = Number(place.lines('pids')[0])
    place.write('go', '')
    const { exit, stderr } = await place.run(['run', 'three'])
    expect(exit).toBe(0)
    expect(stderr).toMatch(/^ended what the interrupted run [0-9a-z]{26} had left running\n/)
    expect(lives(orphan)).toBe(false)
    expect(place.lines('ledger').map((line) => line.split(' ')[0])).toEqual([
      'one',
      'two',
      'three',
      'one',
      'two',
      'three',
    ])
  })

  test('of a run that is over, resume says how it ended, and makes up for a record that is missing', async () => {
    const place = await crashed(chain())
    place.write('go', '')
    await place.run(['runs', 'resume', place.lastRun()])
    rmSync(place.records, { recursive: true })
    const events = place.events().length
    await place.gives(['runs', 'resume', place.lastRun()], {
      stderr: 'run <run> is over: succeeded\nwhat happened:  orchastration runs show <run>\n',
      exit: 2,
    })
    for (const job of ['one', 'two', 'three']) expect(place.recordNames(job)).toContain('last.json')
    expect(place.lines('ledger')).toHaveLength(4)
    expect(place.events()).toHaveLength(events)
  })

  test('by a process that still lives, nothing is taken over', async () => {
    const place = given({ config: chain() })
    const run = place.start(['run', 'three'])
    await until(() => place.lines('pids').length === 1, 'the third job runs')
    const resuming = place.start(['runs', 'resume', place.lastRun()])
    await until(() => resuming.stderr.includes('recorded before'), 'the other one looks on')
    place.write('seen', '')
    expect((await place.run(['work', '--once'])).exit).toBe(0)
    expect(place.lines('ledger')).toHaveLength(3)
    run.signal('SIGTERM')
    expect((await run.ended).exit).toBe(143)
    expect((await resuming.ended).exit).toBe(143)
    expect(place.lines('ledger')).toHaveLength(3)
  })

  test('by five at once, one goes on and all tell its end', async () => {
    const place = await crashed(chain().replace('sleep 300', 'until [ -e go ]; do sleep 0.05; done'))
    const resuming = Array.from({ length: 5 }, () => place.start(['runs', 'resume', place.lastRun()]))
    // Whoever comes when the run is over is told just that.
    await until(() => resuming.every(({ stderr }) => stderr.includes('recorded before')), 'all five look on')
    place.write('go', '')
    const exits = await Promise.all(resuming.map(async ({ ended }) => (await ended).exit))
    expect(exits).toEqual([0, 0, 0, 0, 0])
    expect(place.lines('ledger')).toHaveLength(4)
  })

  // Known: whoever looks on while another process executes the run writes records as well, under the longer name.
  test('by eight at once, one record is written', async () => {
    const place = await crashed(chain())
    place.write('go', '')
    await Promise.all(Array.from({ length: 8 }, async () => await place.run(['runs', 'resume', place.lastRun()])))
    expect(place.recordNames('three').filter((name) => /^\d.*\.json$/.test(name))).toHaveLength(1)
  })

  test('a stopped process is no dead one', async () => {
    const place = given({ config: chain() })
    const run = place.start(['run', 'three'])
    await until(() => place.lines('pids').length === 1, 'the third job runs')
    run.signal('SIGSTOP')
    expect((await place.run(['status'])).stdout).toContain('three - running')
    expect((await place.run(['work', '--once'])).exit).toBe(0)
    expect(place.lines('ledger')).toHaveLength(3)
    run.signal('SIGCONT')
    run.signal('SIGTERM')
    expect((await run.ended).exit).toBe(143)
  })

  test('resume is over in half a second where nothing was left running', async () => {
    const place = await crashed(chain())
    for (const pid of place.lines('pids')) process.kill(Number(pid), 'SIGKILL')
    await until(() => !lives(Number(place.lines('pids')[0])), 'the orphan is gone')
    writeFileSync(place.path('go'), '')
    const start = performance.now()
    expect((await place.run(['runs', 'resume', place.lastRun()])).exit).toBe(0)
    // The promise is one second; a busy machine gets three.
    expect(performance.now() - start).toBeLessThan(3000)
  })
})
