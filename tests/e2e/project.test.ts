import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const OWN = `[logging]
level = "debug"
[jobs.mine]
command = ["pwd"]
[jobs.both]
description = "The user's"
command = ["echo", "user"]
env = { A = "1" }
`
const PROJECT = `[jobs.where]
command = ["pwd"]
[jobs.below]
command = ["pwd"]
working_dir = "sub"
[jobs.both]
command = ["echo", "project"]
`

describe.skipIf(onWindows)('a project file', () => {
  test("counts over the user's, from any directory below it, and its jobs run where it stands", async () => {
    const place = given({ config: OWN, files: { 'orchastration.toml': PROJECT, 'sub/deep/x': '' } })
    await place.run(['trust', '--yes'])
    const cwd = place.path('sub/deep')
    const { stdout } = await place.run(['list'], { cwd })
    expect(stdout).toBe('below\nboth\nmine\nwhere\n')
    const ran = await place.run(['run', 'where', 'below', 'mine', 'both', '--jobs', '1'], { cwd })
    expect(ran.exit).toBe(0)
    const top = realpathSync(place.directory)
    const printed = ran.stderr.split('\n').filter((line) => line.startsWith('/') || /^(user|project)$/.test(line))
    expect(printed.toSorted()).toEqual([top, `${top}/sub`, `${top}/sub/deep`, 'project'].toSorted())
  })

  test("is in the record of its runs, by path and digest, beside the user's", async () => {
    const place = given({ config: OWN, files: { 'orchastration.toml': PROJECT } })
    await place.run(['trust', '--yes'])
    await place.run(['run', 'where'])
    const digest = (text: string) => new Bun.CryptoHasher('sha256').update(text).digest('hex')
    expect(place.events('run.queued')[0]?.body['config']).toEqual([
      { path: place.configFile, digest: digest(OWN) },
      { path: join(realpathSync(place.directory), 'orchastration.toml'), digest: digest(PROJECT) },
    ])
  })

  test("replaces a job of the user's as a whole, and its settings key by key", async () => {
    const place = given({
      config: `${OWN}[hash]\nalgorithm = "sha1"`,
      files: { 'orchastration.toml': `${PROJECT}[logging]\nstdout = false` },
    })
    await place.run(['trust', '--yes'])
    expect((await place.json(['config', 'show']))['config']).toMatchObject({
      logging: { level: 'debug', stdout: false },
      hash: { algorithm: 'sha1' },
      jobs: { both: { command: ['echo', 'project'] } },
    })
    expect((await place.json(['config', 'path']))['replaced']).toEqual(['jobs.both'])
    const { stdout } = await place.run(['config', 'show', '--origin'])
    expect(place.tidy(stdout)).toContain('level = "debug"  # ~/.config/orchastration/config.toml:2\nstdout = false')
    expect(stdout).toMatch(/command = \["echo", "project"\] {2}# .*work\/orchastration\.toml:7\n/)
  })

  test('that is nearer counts alone: nothing of one further up is merged', async () => {
    const place = given({
      files: { 'orchastration.toml': PROJECT, 'sub/orchastration.toml': '[jobs.inner]\ncommand = ["pwd"]' },
    })
    await place.run(['trust', '--yes'])
    const cwd = place.path('sub')
    const before = await place.run(['list'], { cwd })
    expect(before.stdout).toBe('no jobs configured\n')
    expect(before.stderr).toContain('sub/orchastration.toml is not trusted')
    await place.run(['trust', '--yes'], { cwd })
    expect((await place.run(['list'], { cwd })).stdout).toBe('inner\n')
  })

  test('is looked for up to the home directory and not above it', async () => {
    const place = given()
    writeFileSync(join(place.root, 'orchastration.toml'), PROJECT)
    const inside = join(place.home, 'a/b')
    mkdirSync(inside, { recursive: true })
    expect(await place.run(['list'], { cwd: inside })).toMatchObject({ stderr: expect.not.stringContaining('trust') })
    expect((await place.run(['list'])).stderr).toContain('orchastration.toml is not trusted')
    writeFileSync(join(place.home, 'orchastration.toml'), PROJECT)
    expect((await place.run(['list'], { cwd: inside })).stderr).toContain('~/orchastration.toml is not trusted')
  })

  test('that changes while a run of it waits changes nothing of that run', async () => {
    const text = (word: string) => `[jobs.ask]\ncommand = ["touch", "${word}"]\nconfirm = "Go on?"\n`
    const place = given({ files: { 'orchastration.toml': text('then') } })
    expect((await place.run(['run', 'ask', '--trust'])).exit).toBe(3)
    place.write('orchastration.toml', text('now'))
    expect((await place.run(['answer', '1', 'yes'], { cwd: place.home })).exit).toBe(0)
    await place.untilStatus('succeeded')
    expect([place.has('then'), place.has('now')]).toEqual([true, false])
  })

  test('does not count, and is not looked at, where --config names a file', async () => {
    const place = given({
      config: OWN,
      files: { 'orchastration.toml': PROJECT, 'other.toml': '[jobs.other]\ncommand = ["pwd"]' },
    })
    await place.run(['trust', '--yes'])
    await place.gives(['list', '--config', 'other.toml'], { stdout: 'other\n', exit: 0 })
    await place.run(['trust', '--revoke'])
    await place.gives(['list', '--config', 'other.toml'], { stdout: 'other\n', exit: 0 })
    const { stderr } = await place.run(['run', 'other', '--config', 'other.toml'], { cwd: place.home })
    expect(stderr).toContain('not found')
  })

  test('may not move the store, erase runs of others or cut their log', async () => {
    const text = `[state]\ndir = "here"\n[logging]\nlevel = "info"\nmax_size = "1k"\nfiles = 0\n[retention]\nkeep = 0\n${PROJECT}`
    const place = given({ config: OWN, files: { 'orchastration.toml': text } })
    const why = 'concerns the runs of every project, so it stands in your own configuration only'
    const told = await place.run(['trust', '--yes'])
    expect(told).toMatchObject({ stdout: '', exit: 2 })
    expect(told.stderr.match(/\^+ .*/g)).toEqual([
      `^^^^^ "state" ${why}`,
      `^^^^^^^^ "max_size" ${why}`,
      `^^^^^ "files" ${why}`,
      `^^^^^^^^^ "retention" ${why}`,
    ])
    // Nor where trust is given without a look, nor where the same bytes were right as another file before.
    await place.run(['list', '--config', 'orchastration.toml'])
    expect(await place.run(['run', 'where', '--trust'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(why),
    })
    expect(place.has('here')).toBe(false)
  })

  test('with mistakes keeps nobody from the runs, and tells all of them to who needs it', async () => {
    const place = given({ config: OWN, files: { 'orchastration.toml': PROJECT } })
    await place.run(['trust', '--yes'])
    await place.run(['run', 'where'])
    place.write('orchastration.toml', '[state]\ndir = "elsewhere"\n[jobs.where]\ncomand = 1\n')
    const options = { env: { ORCHASTRATION_TRUSTED_PATHS: place.directory } }
    for (const command of [['runs', 'list'], ['runs', 'show', 'where'], ['verify']])
      expect(await place.run(command, options), command.join(' ')).toMatchObject({ exit: 0 })
    const told = await place.run(['list'], options)
    expect(told.exit).toBe(2)
    expect(place.tidy(told.stderr)).toMatch(/^orchastration\.toml: 2 problems, nothing was run\n/)
    const both = given({ config: '[jobs.a]\ncommand = 1', files: { 'orchastration.toml': '[jobs.b]\ncommand = 2' } })
    const checked = await both.run(['config', 'validate'])
    expect(checked.exit).toBe(2)
    expect(checked.stderr).toMatch(/config\.toml: 1 problem[\s\S]*orchastration\.toml: 1 problem/)
  })

  test('that cannot be a file hangs nobody and hides nothing', async () => {
    const place = given({ config: OWN })
    execFileSync('mkfifo', [place.path('orchastration.toml')])
    expect(await place.run(['list'])).toMatchObject({ stdout: "both - The user's\nmine\n", exit: 0 })
    expect(await place.run(['run', 'mine', '--trust'])).toMatchObject({
      stderr: expect.stringContaining('it is no regular file'),
      exit: 2,
    })
    rmSync(place.path('orchastration.toml'))
    mkdirSync(place.path('orchastration.toml'))
    expect(await place.run(['list'])).toMatchObject({ stdout: "both - The user's\nmine\n", exit: 0 })
    expect(await place.run(['trust'])).toMatchObject({
      stderr: expect.stringContaining('it is a directory, a file is expected'),
      exit: 2,
    })
    rmSync(place.path('orchastration.toml'), { recursive: true })
    symlinkSync('nowhere', place.path('orchastration.toml'))
    expect(await place.run(['list'])).toMatchObject({ stdout: "both - The user's\nmine\n", exit: 0 })
  })

  test('works in a directory whose name has spaces, quotes and a line break', async () => {
    const place = given({ config: OWN })
    const cwd = place.path('a "b\'\n c')
    mkdirSync(cwd)
    writeFileSync(join(cwd, 'orchastration.toml'), '[jobs.where]\ncommand = ["./x y.sh"]')
    writeFileSync(join(cwd, 'x y.sh'), '#!/bin/sh\npwd\n', { mode: 0o755 })
    const told = await place.run(['trust', '--yes'], { cwd })
    expect(told.exit).toBe(0)
    expect(told.stdout.split('\n').length).toBe(2)
    expect((await place.run(['run', 'where'], { cwd })).stderr).toContain(realpathSync(cwd))
    writeFileSync(join(cwd, 'x y.sh'), '#!/bin/sh\nid\n')
    expect((await place.run(['run', 'where'], { cwd })).exit).toBe(2)
  })

  test('behind a link or a second name counts where it stands, not where it leads', async () => {
    const place = given({ files: { 'real/orchastration.toml': '[jobs.where]\ncommand = ["pwd"]', 'linked/x': '' } })
    symlinkSync('../real/orchastration.toml', place.path('linked/orchastration.toml'))
    mkdirSync(place.path('hard'))
    linkSync(place.path('real/orchastration.toml'), place.path('hard/orchastration.toml'))
    await place.run(['trust', '--yes'], { cwd: place.path('real') })
    for (const name of ['linked', 'hard'])
      expect(await place.run(['run', 'where'], { cwd: place.path(name) }), name).toMatchObject({ exit: 2 })
    await place.run(['trust', '--yes'], { cwd: place.path('linked') })
    const { stderr } = await place.run(['run', 'where'], { cwd: place.path('linked') })
    expect(stderr).toContain(`${realpathSync(place.directory)}/linked`)
    // A directory reached by a link is the directory.
    symlinkSync('real', place.path('alias'))
    expect(await place.run(['run', 'where'], { cwd: place.path('alias') })).toMatchObject({ exit: 0 })
  })
})
