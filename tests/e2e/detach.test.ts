import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const GATE = `[jobs.gate]\ncommand = ["sh", "-c", "until [ -e go ]; do sleep 0.01; done; echo done"]\n`

describe.skipIf(onWindows)('run --detach', () => {
  test('returns at once with the run, which goes on in the background', async () => {
    const place = given({ config: GATE })
    await place.gives(['run', 'gate', '--detach'], { stdout: 'run=<run>\n', exit: 0 })
    await place.untilEvent('step.started')
    expect((await place.run(['status'])).stdout).toContain(
      `gate - running\n          run: ${place.lastRun()}\n          follow: orchastration runs logs -f ${place.lastRun()}\n`,
    )
    place.write('go', '')
    await place.untilStatus('succeeded')
    await until(() => place.recordNames('gate').includes('last.json'), 'the record is written')
  })

  test('outlives the shell that started it', async () => {
    const place = given({ config: GATE })
    await place.shell('orchastration run gate --detach; kill -HUP $$')
    await place.untilEvent('step.started')
    place.write('go', '')
    await place.untilStatus('succeeded')
  })

  test('can be ended by another process', async () => {
    const place = given({ config: GATE })
    await place.run(['run', 'gate', '--detach'])
    await place.untilEvent('step.started')
    await place.gives(['runs', 'cancel', place.lastRun()], { stdout: 'run=<run> status=cancelled\n', exit: 0 })
  })

  test('refuses a mistake before anything is queued', async () => {
    const place = given({ config: GATE })
    expect((await place.run(['run', 'gaet', '--detach'])).exit).toBe(2)
    expect(place.events()).toEqual([])
  })

  test('passes --config and --state-dir on, relative ones too', async () => {
    const place = given({ files: { 'c.toml': GATE.replace('gate', 'other') } })
    await place.run(['--config', 'c.toml', '--state-dir', 'st', 'run', 'other', '--detach'])
    place.write('go', '')
    await until(() => place.has('st/runs/other/last.json'), 'the record is written')
  })
})

describe.skipIf(onWindows)('work', () => {
  test('--once does what is due, and ends', async () => {
    const place = given({
      config: `[jobs.ask]\ncommand = ["touch", "ran"]\nconfirm = { question = "?", timeout = "2s", otherwise = "yes" }\n`,
    })
    await place.run(['run', 'ask'])
    await until(
      () => Date.now() > Number(place.query('SELECT due_at FROM waits WHERE due_at > 0')[0]?.['due_at']),
      'it is due',
    )
    await place.gives(['work', '--once'], { stdout: 'run=<run> status=succeeded\n', exit: 0 })
    expect(place.has('ran')).toBe(true)
  })

  test('--once with nothing due says nothing', async () => {
    const place = given({ config: GATE })
    await place.gives(['work', '--once'], { exit: 0 })
  })

  test('serves runs until it is told to end', async () => {
    const place = given({
      config: `[jobs.ask]\ncommand = ["touch", "ran"]\nconfirm = { question = "?", timeout = "2s", otherwise = "yes" }\n`,
    })
    await place.run(['run', 'ask'])
    const work = place.start(['work'])
    await place.untilStatus('succeeded')
    work.signal('SIGTERM')
    const { stdout, exit } = await work.ended
    expect({ stdout, exit }).toEqual({ stdout: `run=${place.lastRun()} status=succeeded\n`, exit: 0 })
  })

  test('--run of one that is over says so', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["true"]\n` })
    await place.run(['run', 'j'])
    expect((await place.run(['work', '--run', place.lastRun()])).exit).toBe(2)
  })

  test('a run is executed by one process, however many would', async () => {
    const place = given({
      config: `[jobs.ask]\ncommand = ["sh", "-c", "echo ran >> ledger"]\nconfirm = { question = "?", timeout = "2s", otherwise = "yes" }\n`,
    })
    await place.run(['run', 'ask'])
    await until(
      () => Date.now() > Number(place.query('SELECT due_at FROM waits WHERE due_at > 0')[0]?.['due_at']),
      'it is due',
    )
    await Promise.all(Array.from({ length: 6 }, async () => await place.run(['work', '--once'])))
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['ran'])
  })
})
