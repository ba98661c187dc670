import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

describe.skipIf(onWindows)('runs diff', () => {
  test('says what was to be done differently, and what came of it', async () => {
    const place = given({
      config: `[jobs.a]\ncommand = ["echo", "one"]\n[jobs.b]\ncommand = ["false"]\nneeds = ["a"]\n[jobs.c]\ncommand = ["true"]\nneeds = ["b"]\n`,
    })
    await place.run(['run', 'c'])
    const first = place.lastRun()
    place.configure(
      `[jobs.a]\ncommand = ["echo", "two"]\nenv = { X = "1" }\n[jobs.b]\ncommand = ["true"]\nneeds = ["a"]\n[jobs.d]\ncommand = ["true"]\nneeds = ["b"]\n`,
    )
    await place.run(['run', 'd'])
    const { stdout, exit } = await place.run(['runs', 'diff', first, place.lastRun()])
    expect(exit).toBe(0)
    expect(place.tidy(stdout).replaceAll(/(ok|exit 1) <t>|(ok|exit \d) \d\.\ds/g, '$1$2')).toBe(
      [
        'c · <time> · <run>',
        'd · <time> · <run>',
        '  a         ok',
        '            command: ["echo","one"] → ["echo","two"]',
        '            env: - → {"X":"1"}',
        '            other stdout',
        '  b         exit 1 → ok',
        '            command: ["false"] → ["true"]',
        '  c         only in the first: did not run',
        '  d         only in the second: ok',
        'the configuration has another text\n',
      ].join('\n'),
    )
  })
})
