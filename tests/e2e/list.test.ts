import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CONFIG = `
[jobs.test]
group = "check"
description = "Run the tests"
command = ["true"]
[jobs.lint]
group = "check"
command = ["true"]
[jobs.apart]
description = "On its own"
command = ["true"]
`

describe.skipIf(onWindows)('list', () => {
  test('prints one line a job where nobody looks on', async () => {
    const place = given({ config: CONFIG })
    await place.gives(['list'], { stdout: 'apart - On its own\nlint\ntest - Run the tests\n', exit: 0 })
  })

  test('puts them under their groups on a terminal', async () => {
    const session = onTerminal(given({ config: CONFIG }), ['list'], { env: { NO_COLOR: '1' } })
    expect(await session.exit).toBe(0)
    const lines = ['apart  On its own', '', 'check', '  lint', '  test   Run the tests', '']
    expect(session.text().replaceAll('\r', '')).toBe(lines.join('\n'))
  })

  test('prints the jobs of one group', async () => {
    const place = given({ config: CONFIG })
    await place.gives(['list', '--group', 'check'], { stdout: 'lint\ntest - Run the tests\n', exit: 0 })
    await place.gives(['list', '--group', 'none'], { stdout: 'no jobs in group none\n', exit: 0 })
  })
})

describe.skipIf(onWindows)('show', () => {
  test('says what the configuration says of a job, and how it ended last', async () => {
    const place = given({
      config: `[jobs.dep]\ncommand = ["true"]\n[jobs.ship]\ndescription = "Ship it"\nneeds = ["dep"]\ncommand = ["echo", "{{to}}", "a b"]\ntimeout_seconds = 5\nenv = { A = "1" }\n[jobs.ship.params.to]\nenum = ["dev", "prod"]\n`,
    })
    const lines = [
      'ship - Ship it',
      `  command          echo '{{to}}' 'a b'`,
      '  directory        <work>',
      '  before it        dep',
      '  parameter        to: one of dev, prod, must be given',
      '  timeout_seconds  5',
      '  env              A = "1"',
      '  last run         none recorded',
      'run it: orchastration run ship --param to=…\n',
    ]
    await place.gives(['show', 'ship'], { stdout: lines.join('\n'), exit: 0 })
    await place.run(['run', 'ship', '--param', 'to=dev'])
    expect((await place.run(['show', 'ship'])).stdout).toMatch(/last run +exit 0 after .*, run [0-9a-z]{26}\n/)
  })

  test('knows no job that is not there', async () => {
    const place = given({ config: CONFIG })
    expect(await place.run(['show', 'tets'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('"test"') })
  })
})
