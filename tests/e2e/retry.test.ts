import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

/** Fails until it was tried so often; notes each try with its number and key. */
function flaky(succeedsAt: number, exit = 1): string {
  return `["sh", "-c", "echo $ORCHASTRATION_ATTEMPT $ORCHASTRATION_IDEMPOTENCY_KEY >> tries; echo try $ORCHASTRATION_ATTEMPT; [ $(wc -l < tries) -ge ${succeedsAt} ] || exit ${exit}"]`
}

describe.skipIf(onWindows)('retry', () => {
  test('tries again until the job succeeds, with one key for all tries', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ${flaky(3)}\nretry = { attempts = 5, backoff = "10ms" }\n` })
    await place.gives(['run', 'j'], {
      stdout: 'job=j exit=0 duration_ms=<n>\n',
      stderr: expect.stringContaining('j · ok · <t>\ntry 3\n'),
      exit: 0,
    })
    const run = place.lastRun()
    expect(place.lines('tries')).toEqual(
      [`1 ${run}/1`, `2 ${run}/1`, `3 ${run}/1`].map((line) => key(line, place.lines('tries')[0])),
    )
    expect(place.events('step.retried')).toHaveLength(2)
  })

  test('gives up after its attempts, with the code of the last one', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ${flaky(99, 6)}\nretry = { attempts = 3, backoff = "1ms" }\n` })
    const { exit, stdout } = await place.run(['run', 'j'])
    expect({ exit, stdout }).toEqual({ exit: 6, stdout: expect.stringMatching(/^job=j exit=6 duration_ms=\d+\n$/) })
    expect(place.lines('tries')).toHaveLength(3)
  })

  test('leaves exit codes alone that are not among those worth it', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ${flaky(99, 6)}\nretry = { attempts = 3, backoff = "1ms", exit_codes = [7] }\n`,
    })
    expect((await place.run(['run', 'j'])).exit).toBe(6)
    expect(place.lines('tries')).toHaveLength(1)
  })

  test('tries exit codes again that are', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ${flaky(2, 7)}\nretry = { attempts = 3, backoff = "1ms", exit_codes = [7] }\n`,
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(place.lines('tries')).toHaveLength(2)
  })

  test('does not try a program again that is not there', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["no-such"]\nretry = { attempts = 9, backoff = "1ms" }\n` })
    expect((await place.run(['run', 'j'])).exit).toBe(127)
    expect(place.events('step.retried')).toEqual([])
  })

  test('tries again after a timeout, each try with its own', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["sh", "-c", "echo x >> tries; [ $(wc -l < tries) -ge 2 ] || sleep 60"]\ntimeout_seconds = 1\nretry = { attempts = 2, backoff = "1ms" }\n`,
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(place.lines('tries')).toHaveLength(2)
  })

  test('keeps one record a job, of the last try', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ${flaky(3)}\nretry = { attempts = 3, backoff = "1ms" }\n` })
    await place.run(['run', 'j'])
    expect(place.recordNames('j').filter((name) => name.endsWith('.json'))).toHaveLength(2)
    expect(JSON.parse(place.recordText('j')).exit_code).toBe(0)
  })
})

/** The key has the step's number, which is not ours to know. */
function key(line: string, first = ''): string {
  const [attempt] = line.split(' ')
  return `${attempt} ${first.split(' ')[1]}`
}
