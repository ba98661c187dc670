import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const noting = (name: string, rest = '') =>
  `[jobs.${name}]\ncommand = ["sh", "-c", "echo ${name} >> ledger; test ! -e bad-${name}"]\n${rest}\n`
const CHAIN = noting('build') + noting('test', 'needs = ["build"]') + noting('ship', 'needs = ["test"]')

describe.skipIf(onWindows)('runs retry', () => {
  test('runs what did not succeed, and says what it takes over', async () => {
    const place = given({ config: CHAIN, files: { 'bad-test': '' } })
    expect((await place.run(['run', 'ship'])).exit).toBe(1)
    const first = place.lastRun()
    await place.shell('rm bad-test')
    await place.gives(['runs', 'retry', 'ship'], {
      stdout: 'job=ship exit=0 duration_ms=<n>\n',
      stderr: 'build · reused from run <run>\ntest · ok · <t>\nship · ok · <t>\n',
      exit: 0,
    })
    expect(place.lines('ledger')).toEqual(['build', 'test', 'test', 'ship'])
    const queued = place.events('run.queued').at(-1)
    expect(queued?.body['retry_of']).toBe(first)
    const { stdout } = await place.run(['runs', 'show', place.lastRun()])
    expect(stdout).toContain(`ok    build              reused from run ${first}`)
  })

  test('of a retry names the run in which the work was really done', async () => {
    const place = given({ config: CHAIN, files: { 'bad-test': '' } })
    await place.run(['run', 'ship'])
    const first = place.lastRun()
    await place.run(['runs', 'retry', first])
    await place.shell('rm bad-test')
    const { stderr } = await place.run(['runs', 'retry', place.lastRun()])
    expect(stderr).toContain(`build · reused from run ${first}`)
  })

  test('runs again what has changed since, and all that needs it', async () => {
    const place = given({ config: CHAIN, files: { 'bad-ship': '' } })
    await place.run(['run', 'ship'])
    place.configure(CHAIN.replace('echo build', 'echo build2'))
    await place.shell('rm bad-ship')
    expect((await place.run(['runs', 'retry', 'ship'])).exit).toBe(0)
    expect(place.lines('ledger').slice(3)).toEqual(['build2', 'test', 'ship'])
  })

  test('gives the parameters and arguments that were given before', async () => {
    const place = given({
      config: `[jobs.a]\ncommand = ["sh", "-c", 'echo "$PARAM_X" "$@" >> ledger; test -e good', "sh"]\n[jobs.a.params.x]\n`,
    })
    await place.run(['run', 'a', '--param', 'x=1', '--', 'more words'])
    await place.shell('touch good')
    expect((await place.run(['runs', 'retry', 'a'])).exit).toBe(0)
    expect(place.lines('ledger')).toEqual(['1 more words', '1 more words'])
  })

  test('takes over a job that was asked for itself', async () => {
    const place = given({ config: noting('good') + noting('bad'), files: { 'bad-bad': '' } })
    await place.run(['run', 'good', 'bad', '--jobs', '1'])
    await place.shell('rm bad-bad')
    await place.gives(['runs', 'retry', place.lastRun()], {
      stdout: 'job=good exit=0 duration_ms=<n>\njob=bad exit=0 duration_ms=<n>\n',
      stderr: 'good · reused from run <run>\nbad · ok · <t>\n',
      exit: 0,
    })
  })

  test('refuses a run that succeeded, and one that is not over', async () => {
    const place = given({ config: `${noting('good')}[jobs.ask]\ncommand = ["true"]\nconfirm = "Sure?"\n` })
    await place.run(['run', 'good'])
    expect(await place.run(['runs', 'retry', 'good'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('there is nothing to do again'),
    })
    await place.run(['run', 'ask'])
    expect(await place.run(['runs', 'retry', 'ask'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('go on with it:  orchastration runs resume'),
    })
  })

  test('after a cancelled run goes on where it was cut', async () => {
    const place = given({
      config: `${noting('build')}[jobs.hang]\nneeds = ["build"]\ncommand = ["sh", "-c", "test -e go || sleep 600"]\n`,
    })
    const run = place.start(['run', 'hang'])
    await place.untilEvent('step.started', 2)
    run.signal('SIGINT')
    expect((await run.ended).exit).toBe(130)
    await place.shell('touch go')
    expect((await place.run(['runs', 'retry', 'hang'])).exit).toBe(0)
    expect(place.lines('ledger')).toEqual(['build'])
  })
})
