import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

describe.skipIf(onWindows)('a failure', () => {
  test('keeps what has not begun from beginning, and says which job it was', async () => {
    const place = given({ config: `[jobs.bad]\ncommand = ["false"]\n[jobs.later]\ncommand = ["true"]\n` })
    await place.gives(['run', 'bad', 'later', '--jobs', '1'], {
      stdout: 'job=bad exit=1 duration_ms=<n>\njob=later exit=1 duration_ms=<n>\n',
      stderr:
        'bad · exit 1 · <t>\nlater · skipped: bad failed before\nall that happened: orchastration runs show <run>\n',
      exit: 1,
    })
  })

  test('lets what runs already come to its end', async () => {
    const place = given({
      config: [
        `[jobs.bad]\ncommand = ["sh", "-c", "until test -e begun; do :; done; exit 3"]\n`,
        `[jobs.long]\ncommand = ["sh", "-c", "touch begun; until test -e go; do :; done; echo done > result"]\n`,
        `[jobs.more]\ncommand = ["touch", "more"]\n`,
      ].join(''),
    })
    const { exit } = await place.shell(
      'orchastration run bad long more --jobs 2 & until orchastration runs events bad 2>/dev/null | grep -q step.failed; do :; done; touch go; wait $!',
    )
    expect(exit).toBe(1)
    expect(place.lines('result')).toEqual(['done'])
    expect(place.lines('more')).toEqual([])
  })

  test('takes back a question that nobody needs to answer any more', async () => {
    const place = given({
      config: `[jobs.bad]\ncommand = ["false"]\n[jobs.ask]\ncommand = ["true"]\nconfirm = "Sure?"\n`,
    })
    const { exit, stdout } = await place.run(['run', 'ask', 'bad'])
    expect({ exit, lines: stdout.split('\n').length }).toEqual({ exit: 1, lines: 3 })
    expect((await place.run(['status'])).stdout).not.toContain('Sure?')
  })

  test('stops only what needs the job, with --keep-going', async () => {
    const place = given({ config: `[jobs.bad]\ncommand = ["false"]\n[jobs.later]\ncommand = ["touch", "later"]\n` })
    expect((await place.run(['run', 'bad', 'later', '--jobs', '1', '--keep-going'])).exit).toBe(1)
    expect(place.lines('later')).toEqual([])
    expect((await place.shell('test -e later')).exit).toBe(0)
  })
})
