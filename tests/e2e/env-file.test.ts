import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const SHOW = `command = ["sh", "-c", 'printf "%s|%s|%s" "$A" "$B" "$PARAM_P"']`

describe.skipIf(onWindows)('a job with files of variables', () => {
  test('gets them: later files win, and env over all of them', async () => {
    const place = given({
      config: `[jobs.j]\n${SHOW}\nenv_file = ["one.env", "sub/two.env"]\nenv = { B = "own" }\nparams.p = { default = "param" }\n`,
      files: { 'one.env': 'export A=1\nB=1\nPARAM_P=file\n', 'sub/two.env': `# later\nA='two $HOME' # x\n` },
      env: { A: 'inherited' },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('two $HOME|own|param')
  })

  test('finds them from its own directory, also under a name that a parameter gives', async () => {
    const place = given({
      config: `[jobs.j]\n${SHOW}\nworking_dir = "there"\nenv_file = "{{p}}.env"\nparams.p = {}\n`,
      files: { 'there/dev.env': 'A="over\ntwo lines"\n' },
    })
    expect((await place.run(['run', 'j', '--param', 'p=dev'])).exit).toBe(0)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('over\ntwo lines||dev')
  })

  test('reads them when it starts: a job before it may make them', async () => {
    const place = given({
      config: `[jobs.make]\ncommand = ["sh", "-c", "echo A=made > .env"]\n[jobs.j]\n${SHOW}\nneeds = ["make"]\nenv_file = ".env"\n`,
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect((await place.run(['runs', 'logs', place.lastRun(), 'j', '--stdout'])).stdout).toBe('made||')
  })

  test('runs nothing of them', async () => {
    const place = given({
      config: `[jobs.j]\n${SHOW}\nenv_file = ".env"\n`,
      files: { '.env': 'A=$(touch evil)`touch evil`\nB="$(touch evil)"\n' },
    })
    expect((await place.run(['run', 'j'])).exit).toBe(0)
    expect(place.has('evil')).toBe(false)
  })

  test.each<readonly [name: string, text: string | undefined, says: string]>([
    ['that is not there', undefined, 'the file of variables cannot be read: <work>/x.env'],
    ['with a mistake', 'A=1\nB="hush-hush\n', '<work>/x.env:2:3: the quote that begins here is never closed'],
    ['with a command', 'A=1\n  rm -rf hush-hush\n', '<work>/x.env:2:6: the name must be followed by ='],
  ])('does not start for a file %s', async (_name, text, says) => {
    const place = given({
      config: `[jobs.j]\ncommand = ["touch", "ran"]\nenv_file = "x.env"\n`,
      ...(text !== undefined && { files: { 'x.env': text } }),
    })
    const { exit, stdout, stderr } = await place.run(['run', 'j'])
    expect({ exit, stdout: place.tidy(stdout) }).toEqual({ exit: 2, stdout: 'job=j exit=1 duration_ms=<n>\n' })
    expect(place.tidy(stderr)).toContain(`j: ${says}\n`)
    expect(place.has('ran')).toBe(false)
    expect(stderr + JSON.stringify(place.events())).not.toContain('hush')
    expect(place.events('step.failed')[0]?.body['failure']).toMatchObject({ code: 'env_file_invalid' })
    expect(place.recordNames('j')).toContain('last.json')
  })

  test('does not wait for a pipe', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["true"]\nenv_file = "pipe"\n` })
    Bun.spawnSync(['mkfifo', place.path('pipe')])
    const { exit, stderr } = await place.run(['run', 'j'])
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringContaining('the file of variables cannot be read'),
    })
    expect(stderr).toContain('it is a pipe or a device: name a file')
    expect(stderr).not.toContain('create it')
    Bun.spawnSync(['rm', place.path('pipe')])
    expect((await place.run(['run', 'j'])).stderr).toContain('create it, or correct "env_file"')
  })

  test('has only a salted digest of them in the log', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["true"]\nenv_file = ".env"\n`,
      files: { '.env': 'A=canary-of-a-file\n' },
    })
    await place.run(['run', 'j'])
    expect(JSON.stringify(place.events())).not.toContain('canary')
  })
})
