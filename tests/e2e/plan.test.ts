import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const CONFIG = `
[jobs.build]
command = ["touch", "built"]
[jobs.ship]
needs = ["build"]
command = ["touch", "shipped {{to}}"]
working_dir = "."
confirm = "Ship it?"
[jobs.ship.params.to]
default = "dev"
`

describe.skipIf(onWindows)('a plan', () => {
  test('says what would run, in order, and runs nothing', async () => {
    const place = given({ config: CONFIG })
    const { exit, stdout, stderr } = await place.run(['run', 'ship', '--dry-run'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const [, digest] = /plan ([0-9a-f]{16})\n/.exec(stdout) ?? []
    expect(place.tidy(stdout)).toBe(
      [
        `ship · 2 jobs · plan ${digest}`,
        '  build     touch built',
        `  ship      touch 'shipped dev'`,
        '            in <work>',
        '            after build',
        '            to = "dev"',
        '            asks: Ship it?',
        `run exactly this: orchastration run --plan ${digest}\n`,
      ].join('\n'),
    )
    expect([place.has('built'), place.events()]).toEqual([false, []])
  })

  test('runs by its digest alone', async () => {
    const place = given({ config: CONFIG })
    const { plan } = await place.json(['run', 'build', '--plan'])
    expect((await place.run(['run', '--plan', String(plan).slice(0, 12)])).exit).toBe(0)
    expect(place.has('built')).toBe(true)
  })

  test('runs nothing once the configuration means something else', async () => {
    const place = given({ config: CONFIG })
    const { plan } = await place.json(['run', 'ship', '--plan'])
    place.configure(CONFIG.replace('"built"', '"built2"').replace('default = "dev"', 'default = "prod"'))
    const { exit, stderr } = await place.run(['run', '--plan', String(plan)])
    expect(exit).toBe(2)
    expect(stderr).toMatch(
      /^what would run now is not what was planned; nothing was run\n {2}build changed: command\n {2}ship changed: command, given, params\n/,
    )
    expect(place.events()).toEqual([])
  })

  test('takes nothing further without the jobs that it is for: what would be passed over is refused', async () => {
    const place = given({ config: CONFIG })
    const { plan } = await place.json(['run', 'ship', '--plan'])
    for (const [option, ...words] of [
      ['--param', '--param', 'to=prod'],
      ['--', '--', 'x'],
      ['--keep-going', '--keep-going'],
      ['--force', '--force'],
    ]) {
      const { exit, stdout, stderr } = await place.run(['run', '--plan', String(plan), ...words])
      expect({ option, exit, stdout }).toEqual({ option, exit: 2, stdout: '' })
      expect(stderr).toContain(`"${option}" cannot be used; expected is nothing beside --plan DIGEST`)
      expect(stderr).toContain('a plan with it')
    }
    expect(place.events()).toEqual([])
    const same = await place.json(['run', 'build', '--keep-going', '--plan'])
    expect((await place.run(['run', 'build', '--keep-going', '--plan', String(same['plan'])])).exit).toBe(0)
  })

  test('does not care for comments, nor for how many jobs may run at once', async () => {
    const place = given({ config: CONFIG })
    const { plan } = await place.json(['run', 'build', '--plan'])
    place.configure(`# new\n${CONFIG}`)
    expect((await place.run(['run', '--plan', String(plan), '--jobs', '1'])).exit).toBe(0)
  })

  test('is another one for other jobs or parameters', async () => {
    const place = given({ config: CONFIG })
    const { plan } = await place.json(['run', 'ship', '--plan'])
    const other = await place.run(['run', 'ship', '--param', 'to=prod', '--plan', String(plan)])
    expect(other).toMatchObject({ exit: 2, stderr: expect.stringContaining('ship changed: command, given') })
  })

  test('that is not kept, or was changed by somebody, is unknown', async () => {
    const place = given({ config: CONFIG })
    expect(await place.run(['run', '--plan', '0123456789abcdef'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('no plan "0123456789abcdef" is kept'),
    })
    const { plan } = await place.json(['run', 'build', '--plan'])
    await place.shell(`sed -i s/built/other/ ~/.cache/orchastration/plans/*.json`)
    expect((await place.run(['run', '--plan', String(plan)])).exit).toBe(2)
    await place.shell('cd ~/.cache/orchastration/plans && for plan in *; do rm "$plan"; mkdir "$plan"; done')
    expect((await place.run(['run', '--plan', String(plan)])).exit).toBe(2)
    expect(place.has('built') || place.has('other')).toBe(false)
  })

  test('needs a job to be about', async () => {
    const place = given({ config: CONFIG })
    expect(await place.run(['run'])).toMatchObject({ exit: 2, stderr: expect.stringMatching(/^<job> is missing/) })
    expect((await place.run(['run', '--plan'])).exit).toBe(2)
  })
})
