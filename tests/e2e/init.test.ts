import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const MAKEFILE = '.PHONY: test\ntest: ## Run the tests\n\t@echo tested\n'

describe.skipIf(onWindows)('init', () => {
  test('does not wait for pipes that are called as a file it looks for', async () => {
    const place = given({ files: {} })
    await place.shell('mkfifo package.json justfile && mkdir Makefile')
    expect((await place.run(['init', '--print'])).stdout).toContain('[jobs.hello]')
  })

  test('writes a configuration that works at once, also below the directory', async () => {
    const place = given({ files: { 'sub/dir/x': '', Makefile: MAKEFILE } })
    await place.gives(['init'], {
      stdout: '<work>/orchastration.toml\n',
      stderr: '1 job from Makefile\nall of them:  orchastration list\nthe first:    orchastration run test\n',
      exit: 0,
    })
    await place.gives(['list'], { stdout: 'test - Run the tests\n', exit: 0 })
    const ran = await place.run(['run', 'test'], { cwd: place.path('sub/dir') })
    expect(ran).toMatchObject({ exit: 0, stderr: expect.stringContaining('\ntested\n') })
  })

  test('has a job to begin with where the directory offers nothing', async () => {
    const place = given()
    await place.run(['init'])
    expect((await place.run(['run', 'hello'])).exit).toBe(0)
  })

  test('writes over nothing unless it is told to', async () => {
    const place = given({ files: { 'orchastration.toml': '# mine\n' } })
    expect(await place.run(['init'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('--force') })
    expect(place.read('orchastration.toml')).toBe('# mine\n')
    expect((await place.run(['init', '--force'])).exit).toBe(0)
    expect(place.read('orchastration.toml')).toContain('[jobs.hello]')
  })

  test('prints it and writes nothing with --print', async () => {
    const place = given({ files: { Makefile: MAKEFILE } })
    expect((await place.run(['init', '--print'])).stdout).toContain('command = ["make", "test"]')
    expect(place.has('orchastration.toml')).toBe(false)
  })

  test('says where it cannot write', async () => {
    const place = given()
    expect(await place.run(['init', 'missing'])).toMatchObject({ exit: 1, stderr: expect.stringContaining('missing') })
  })
})
