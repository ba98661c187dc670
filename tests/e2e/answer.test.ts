import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const ASK = `[jobs.ask]\ncommand = ["sh", "-c", "echo ran >> ledger"]\nconfirm = "deploy now?"\n`

describe.skipIf(onWindows)('a question', () => {
  test('lets the run wait without a process, and says how to answer', async () => {
    const place = given({ config: ASK })
    const { exit, stdout, stderr } = await place.run(['run', 'ask'])
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' })
    expect(stderr).toContain('deploy now?')
    expect(stderr).toContain('orchastration answer 1 yes | no\n')
    expect(place.lines('ledger')).toEqual([])
    const status = await place.run(['status'])
    expect(status).toEqual({
      stdout: [
        'ask - no runs recorded',
        '',
        'ask - waiting',
        `          run: ${place.lastRun()}`,
        '          ?  1  ask asks: deploy now?',
        '             orchastration answer 1 yes | no',
        '',
      ].join('\n'),
      stderr: '',
      exit: 0,
    })
  })

  test('answered with yes, the run goes on in the background to its end', async () => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    const { exit, stdout, stderr } = await place.run(['answer', '1', 'yes'])
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'question=1 answer=yes\n' })
    expect(stderr).toContain(`orchastration runs logs -f ${place.lastRun()}\n`)
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['ran'])
    await until(() => place.recordNames('ask').includes('last.json'), 'the record is written')
  })

  test('answered with no, the run ends without the job, and says who declined', async () => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    await place.run(['answer', '1', 'no'])
    await place.untilStatus('failed')
    expect(place.lines('ledger')).toEqual([])
    const { stdout } = await place.run(['runs', 'show', place.lastRun()])
    expect(stdout).toMatch(/^ {2}- {5}ask +declined: no by \S+\nanswered with no by /m)
  })

  test('may be answered with the beginning of a choice, in whatever case', async () => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    expect((await place.run(['answer', '1', 'Y'])).stdout).toBe('question=1 answer=yes\n')
    await place.untilStatus('succeeded')
  })

  test('takes none but its choices', async () => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    await place.gives(['answer', '1', 'yess'], {
      stderr:
        '"yess" is no answer to question 1; did you mean "yes"?\nchoices: yes, no\nanswer:  orchastration answer 1 yes\n',
      exit: 2,
    })
    expect(place.events('signal.received')).toEqual([])
  })

  test.each(['0', '7', 'x', '1e0', '-1', '01', '99999999999999999999'])('has no number %s', async (number) => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    const { exit, stderr } = await place.run(['answer', '--', number, 'yes'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(`has the number "${number}"`) })
  })

  test('answered twice counts the first answer and says so', async () => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    await place.run(['answer', '1', 'yes'])
    const { exit, stderr } = await place.run(['answer', '1', 'no'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(/^question 1 /) })
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['ran'])
    expect(place.events('signal.received')).toHaveLength(1)
  })

  test('answered by ten at once counts one answer, and the run follows that one', async () => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    const owners = () => readdirSync(join(place.store, 'owners')).length
    const before = owners()
    const choices = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'yes' : 'no'))
    const lock = new DatabaseSync(join(place.store, 'store.db'))
    lock.exec('BEGIN IMMEDIATE')
    const answering = choices.map((choice) => place.start(['answer', '1', choice]))
    await until(() => owners() >= before + 10, 'all ten are there')
    // All may read that the question is open, none may write yet.
    lock.exec('COMMIT')
    lock.close()
    const answers = await Promise.all(answering.map(async ({ ended }) => await ended))
    const counted = answers.flatMap(({ exit }, index) => (exit === 0 ? [choices[index]] : []))
    expect(counted).toHaveLength(1)
    expect(answers.filter(({ exit }) => exit === 2)).toHaveLength(9)
    expect(place.events('signal.received')).toHaveLength(1)
    await place.untilStatus(counted[0] === 'yes' ? 'succeeded' : 'failed')
    expect(place.lines('ledger')).toEqual(counted[0] === 'yes' ? ['ran'] : [])
  })

  test('answered while its run is busy with another job is heard at once', async () => {
    const place = given({
      config: `${ASK}[jobs.busy]\ncommand = ["sh", "-c", "until [ -e go ]; do sleep 0.01; done"]\n`,
    })
    const run = place.start(['run', 'ask', 'busy'])
    await place.untilEvent('wait.opened')
    expect((await place.run(['answer', '1', 'yes'])).stdout).toBe('question=1 answer=yes\n')
    await until(() => place.lines('ledger').length > 0, 'the job that was asked about runs')
    place.write('go', '')
    expect((await run.ended).exit).toBe(0)
    expect(place.lines('ledger')).toEqual(['ran'])
  })

  test('answered while the process is dead is not lost, and the run goes on with it', async () => {
    const place = given({
      config: `${ASK}[jobs.busy]\ncommand = ["sh", "-c", "[ -e go ] || sleep 60"]\nidempotent = true\n`,
    })
    const run = place.start(['run', 'ask', 'busy'])
    await place.untilEvent('step.started')
    await place.untilEvent('wait.opened')
    await run.crash()
    place.write('go', '')
    expect((await place.run(['answer', '1', 'yes'])).exit).toBe(0)
    await place.untilStatus('succeeded')
    expect(place.lines('ledger')).toEqual(['ran'])
  })

  test('that nobody answers in time is closed, and its other way is taken', async () => {
    const place = given({
      config: `[jobs.ask]\ncommand = ["sh", "-c", "echo ran >> ledger"]\nconfirm = { question = "?", timeout = "2s", otherwise = "yes" }\n`,
    })
    await place.run(['run', 'ask'])
    await until(
      () => Date.now() > Number(place.query('SELECT due_at FROM waits WHERE due_at > 0')[0]?.['due_at']),
      'it is due',
    )
    const status = await place.run(['status'])
    expect(status.stdout).toContain(`orchastration work --run ${place.lastRun()}`)
    const worked = await place.run(['work', '--run', place.lastRun()])
    expect(worked).toEqual({ stdout: `run=${place.lastRun()} status=succeeded\n`, stderr: '', exit: 0 })
    expect(place.lines('ledger')).toEqual(['ran'])
    expect((await place.run(['answer', '1', 'no'])).stderr).toContain('not answered in time')
  })

  test('answered just when its time is up has one outcome', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const place = given({
          config: `[jobs.ask]\ncommand = ["sh", "-c", "echo ran >> ledger"]\nconfirm = { question = "?", timeout = "1500ms" }\n`,
        })
        await place.run(['run', 'ask'])
        const due = Number(place.query('SELECT due_at FROM waits WHERE due_at > 0')[0]?.['due_at'])
        const work = place.start(['work', '--run', place.lastRun()])
        // Around the deadline, a little before and a little after.
        await until(() => Date.now() > due - 150 + index * 25, 'its time is nearly up')
        const answered = await place.run(['answer', '1', 'yes'])
        await work.ended
        await until(() => place.query('SELECT ended_at FROM runs')[0]?.['ended_at'], 'the run is over')
        expect([0, 2]).toContain(answered.exit)
        const ran = place.lines('ledger').length
        expect(ran).toBe(place.events('signal.taken').length)
        // Known: the other way round does not hold yet. An answer may be recorded just before the timer's end is, and be
        // confirmed with 0, while the run goes the way of silence.
        if (answered.exit === 2) expect(ran).toBe(0)
        return answered.exit
      }),
    )
    expect(outcomes).toHaveLength(12)
  })

  test('without another way, silence means no', async () => {
    const place = given({
      config: `[jobs.ask]\ncommand = ["sh", "-c", "echo ran >> ledger"]\nconfirm = { question = "?", timeout = "50ms" }\n`,
    })
    const { exit } = await place.run(['run', 'ask'])
    // On a slow day its time is up before the command lets go of it.
    expect(exit === 3 ? (await place.run(['work', '--run', place.lastRun()])).exit : exit).toBe(1)
    expect(place.lines('ledger')).toEqual([])
    expect((await place.run(['runs', 'show', place.lastRun()])).stdout).toContain('declined: nobody answered in time')
  })

  test('of a run that was cancelled is closed', async () => {
    const place = given({ config: ASK })
    await place.run(['run', 'ask'])
    await place.gives(['runs', 'cancel', place.lastRun()], { stdout: 'run=<run> status=cancelled\n', exit: 0 })
    await place.gives(['answer', '1', 'yes'], {
      stderr: 'question 1 is closed: its run is over\nopen questions:  orchastration inbox\n',
      exit: 2,
    })
    expect(place.lines('ledger')).toEqual([])
  })
})
