import { describe, expect, test } from 'vitest'
import { lives, onLinux, onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { type Place, until } from '../support/given-place.ts'

checkLeaks()

/** A tree of four: a child, a grandchild, one that left the group, and one that left the session and its parent. */
const TREE = [
  'sleep 300 & echo $! >> pids',
  'setsid sleep 301 & echo $! >> pids',
  '(setsid sh -c "echo \\$\\$ >> pids; sleep 302 & wait" &)',
  'echo $$ >> pids',
  'until [ $(wc -l < pids) -ge 4 ]; do sleep 0.01; done',
  'touch ready',
  'sleep 303',
].join('; ')

function treeJob(more = ''): string {
  return `[jobs.tree]\ncommand = ["bash", "-c", '''${TREE}''']\n${more}\n`
}

/** The same, and it does not end when it is asked to. */
function deafTreeJob(more = ''): string {
  return treeJob(more).replace("'''", `'''trap "" TERM; `)
}

function treePids(place: Place): readonly number[] {
  return place.lines('pids').map(Number)
}

describe.skipIf(onWindows)('a timeout', () => {
  test('ends the whole tree before the summary line, also what ignores TERM or left its group', async () => {
    const place = given({ config: deafTreeJob('timeout_seconds = 1') })
    const { exit, stdout } = await place.run(['run', 'tree'])
    expect({ exit, stdout }).toEqual({
      exit: 124,
      stdout: expect.stringMatching(/^job=tree exit=-1 duration_ms=\d+\n$/),
    })
    expect(treePids(place)).toHaveLength(4)
    expect(treePids(place).filter(lives)).toEqual([])
  })

  test('lets a job that ends by itself when it is asked to say its last words', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["sh", "-c", "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done"]\ntimeout_seconds = 1\n`,
    })
    await place.gives(['run', 'j'], {
      stdout: 'job=j exit=-1 duration_ms=<n>\n',
      // Whatever exit code it then has, it did not succeed.
      stderr: expect.stringMatching(
        /^j · timed out · <t>\nbye\n(Terminated\n)?all that happened: orchastration runs show <run>\n$/,
      ),
      exit: 124,
    })
  })

  test.each(['0', '-5'])('of %s seconds is none', async (seconds) => {
    const place = given({ config: `[jobs.j]\ncommand = ["true"]\ntimeout_seconds = ${seconds}\n` })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
  })

  test('skips what needs the job, and leaves other jobs alone', async () => {
    const place = given({
      config: `[jobs.slow]\ncommand = ["sleep", "300"]\ntimeout_seconds = 1\n[jobs.after]\ncommand = ["touch", "after"]\nneeds = ["slow"]\n[jobs.other]\ncommand = ["touch", "other"]\n`,
    })
    expect((await place.run(['run', 'after', 'other'])).exit).toBe(1)
    expect([place.has('after'), place.has('other')]).toEqual([false, true])
  })
})

describe.skipIf(onWindows)('cancelling', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s ends the tree, records it, and exits with %i', async (signal, code) => {
    const place = given({ config: treeJob() })
    const run = place.start(['run', 'tree'])
    await until(() => place.has('ready'), 'the tree is there')
    run.signal(signal)
    const { exit, stdout } = await run.ended
    expect({ exit, stdout }).toEqual({
      exit: code,
      stdout: expect.stringMatching(/^job=tree exit=-1 duration_ms=\d+\n$/),
    })
    expect(treePids(place).filter(lives)).toEqual([])
    expect(JSON.parse(place.recordText('tree')).exit_code).toBe(-1)
    expect(place.events('run.cancelled')).toHaveLength(1)
    const cause = place.events('run.cancelled')[0]?.body['failure']
    expect(cause).toEqual(expect.objectContaining({ code: 'cancelled', signal }))
  })

  test('twice does not wait for those who ignore the first', async () => {
    const place = given({
      config: `[jobs.deaf]\ncommand = ["sh", "-c", "trap '' TERM INT; touch ready; while :; do sleep 0.05; done"]\n`,
    })
    const run = place.start(['run', 'deaf'])
    await until(() => place.has('ready'), 'it runs')
    run.signal('SIGINT')
    await place.untilEvent('run.cancel_requested')
    const asked = performance.now()
    run.signal('SIGINT')
    expect((await run.ended).exit).toBe(130)
    // The grace is two seconds.
    expect(performance.now() - asked).toBeLessThan(1500)
  })

  test('from another process ends the run, and both say so', async () => {
    const place = given({ config: treeJob() })
    const run = place.start(['run', 'tree'])
    await until(() => place.has('ready'), 'the tree is there')
    await place.gives(['runs', 'cancel', place.lastRun()], { stdout: 'run=<run> status=cancelled\n', exit: 0 })
    expect((await run.ended).exit).toBe(130)
    expect(treePids(place).filter(lives)).toEqual([])
  })

  test('a run whose process is dead ends the orphans, and closes it', async () => {
    const place = given({ config: treeJob() })
    const run = place.start(['run', 'tree'])
    await until(() => place.has('ready'), 'the tree is there')
    await run.crash()
    if (onLinux) expect(treePids(place).filter(lives)).toHaveLength(4)
    await place.gives(['runs', 'cancel', place.lastRun()], { stdout: 'run=<run> status=cancelled\n', exit: 0 })
    expect(treePids(place).filter(lives)).toEqual([])
    await place.gives(['runs', 'resume', place.lastRun()], {
      stderr: 'run <run> is over: cancelled\nwhat happened:  orchastration runs show <run>\n',
      exit: 2,
    })
    expect(place.lines('pids')).toHaveLength(4)
  })

  test('jobs that had not begun never begin', async () => {
    const place = given({
      config: `[jobs.first]\ncommand = ["sh", "-c", "touch ready; sleep 300"]\n[jobs.second]\ncommand = ["touch", "second"]\n[jobs.third]\ncommand = ["touch", "third"]\nneeds = ["first"]\n`,
    })
    const run = place.start(['run', 'first', 'second', 'third', '--jobs', '1'])
    await until(() => place.has('ready'), 'the first runs')
    run.signal('SIGINT')
    expect((await run.ended).exit).toBe(130)
    expect([place.has('second'), place.has('third')]).toEqual([false, false])
    expect(place.events('step.started')).toHaveLength(1)
  })

  test('reaches through a job that runs this program itself, down to its jobs', async () => {
    const place = given({
      config: `[jobs.outer]\ncommand = ["orchastration", "run", "inner"]\n[jobs.inner]\ncommand = ["sh", "-c", "echo $$ > pid; touch ready; sleep 300"]\n`,
    })
    place.write('bin/orchastration', `#!/bin/sh\nexec "${place.binary}" "$@"\n`)
    await place.shell('chmod +x bin/orchastration')
    const run = place.start(['run', 'outer'], { env: { PATH: `${place.path('bin')}:/usr/bin:/bin` } })
    await until(() => place.has('ready'), 'the inner job runs')
    run.signal('SIGTERM')
    expect((await run.ended).exit).toBe(143)
    expect(lives(Number(place.read('pid')))).toBe(false)
    // The inner job may hear of it before the inner program does, and then it was ended from elsewhere.
    const [inner, outer] = place.query('SELECT status FROM runs ORDER BY name')
    expect(['cancelled', 'failed']).toContain(inner?.['status'])
    expect(outer?.['status']).toBe('cancelled')
  })

  test('a run that is over changes nothing and exits with 2', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["true"]\n` })
    await place.run(['run', 'j'])
    const events = place.events().length
    expect((await place.run(['runs', 'cancel', place.lastRun()])).exit).toBe(2)
    expect(place.events()).toHaveLength(events)
  })
})
