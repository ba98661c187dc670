import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

describe.skipIf(onWindows)('a job', () => {
  test('gets the environment, its own variables over it, and its key', async () => {
    const place = given({
      config: `[jobs.env]\ncommand = ["env"]\nenv = { OWN = "ö=ß", OVER = "new" }\n`,
      env: { INHERITED: 'yes', OVER: 'old' },
    })
    await place.run(['run', 'env'])
    const { stdout } = await place.run(['runs', 'logs', place.lastRun(), '--stdout'])
    const variables = Object.fromEntries(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    expect(variables).toEqual(
      expect.objectContaining({
        INHERITED: 'yes',
        OVER: 'new',
        OWN: 'ö=ß',
        ORCHASTRATION_RUN_ID: place.lastRun(),
        ORCHASTRATION_ATTEMPT: '1',
        ORCHASTRATION_IDEMPOTENCY_KEY: `${place.lastRun()}/1`,
      }),
    )
  })

  test.each(['BUN_OPTIONS', 'BUN_BE_BUN'])('does not get %s', async (name) => {
    const place = given({ config: `[jobs.env]\ncommand = ["sh", "-c", "echo [$${name}]"]\n` })
    // 0 leaves our own binary what it is.
    await place.run(['run', 'env'], { env: { [name]: name === 'BUN_OPTIONS' ? '--smol' : '0' } })
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('[]\n')
  })

  test('gets its arguments as they are: no shell, no number, no letter is changed', async () => {
    const args = [
      '007',
      '1e3',
      '$HOME',
      '*',
      '',
      ' two  words ',
      'héllo wörld',
      '日本語',
      '👩‍👧',
      "it's",
      'a"b',
      '--help',
      '-',
      '\\n',
    ]
    const place = given({
      config: `[jobs.args]\ncommand = ["printf", "<%s>\\n", ${args.map((arg) => JSON.stringify(arg)).join(', ')}]\n`,
    })
    await place.run(['run', 'args'])
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe(
      args.map((arg) => `<${arg}>\n`).join(''),
    )
  })

  test.each(['constructor', 'toString', 'hasOwnProperty', '__defineGetter__', '0', '007', 'a.b', 'run', 'list', '_'])(
    'may be called %s',
    async (name) => {
      const place = given({
        config: `[jobs."${name}"]\ncommand = ["echo", "ran"]\n[jobs.top]\ncommand = ["true"]\nneeds = ["${name}"]\n`,
      })
      await place.gives(['run', name], {
        stdout: `job=${name} exit=0 duration_ms=<n>\n`,
        stderr: `${name} · ok · <t>\nran\n`,
        exit: 0,
      })
      expect((await place.run(['run', 'top'])).exit).toBe(0)
      expect((await place.run(['status'])).stdout).toContain(`${name} - exit=0 `)
      expect(place.recordNames(name)).toContain('last.json')
    },
  )

  test.each(['constructor', 'toString', '__proto__'])('that is not configured is none: %s', async (name) => {
    const place = given({ config: `[jobs.a]\ncommand = ["true"]\n` })
    const { exit, stderr } = await place.run(['run', name])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(`unknown job "${name}"`) })
    expect((await place.run(['runs', 'show', name])).exit).toBe(2)
    expect((await place.run([name])).exit).toBe(2)
  })

  test('runs where its configuration says, seen from where we stand', async () => {
    const place = given({
      config: `[jobs.here]\ncommand = ["pwd"]\n[jobs.there]\ncommand = ["pwd"]\nworking_dir = "ünter"\n`,
      files: { 'ünter/x': '' },
    })
    await place.run(['run', 'here', 'there', '--jobs', '1'])
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe(
      `${place.directory}\n${place.path('ünter')}\n`,
    )
  })

  test('has its program looked up in the PATH that it gets', async () => {
    const place = given({
      config: `[jobs.j]\ncommand = ["mine"]\nenv = { PATH = "bin:/usr/bin:/bin" }\n`,
      programs: { 'bin/mine': '#!/bin/sh\necho mine\n' },
    })
    const { exit, stderr } = await place.run(['run', 'j'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining('mine\n') })
  })

  test('cannot paint the terminal of who looks at its name or its failure', async () => {
    const place = given({ config: `[jobs.j]\ncommand = ["\\u001b[31mred"]\ndescription = "\\u001b[31mred"\n` })
    const { stderr } = await place.run(['run', 'j'])
    expect(stderr).not.toContain('\u001b')
    expect((await place.run(['runs', 'show', place.lastRun()])).stdout).not.toContain('\u001b')
    expect((await place.run(['list'])).stdout).not.toContain('\u001b')
  })
})

describe.skipIf(onWindows)('a directory that one enters', () => {
  const HOSTILE = {
    'bunfig.toml': 'preload = ["./evil.ts"]\n[run]\nbun = true\n',
    'evil.ts': 'require("node:fs").writeFileSync("evil-ran", "")\n',
    '.env': 'ORCHASTRATION_STATE_DIR=/nonexistent/evil\nEVIL=1\nHOME=/nonexistent\n',
    '.env.local': 'EVIL=1\n',
    'package.json': '{"name":"evil","scripts":{"prerun":"touch evil-ran"},"imports":{"#app/*":"./evil.ts"}}',
    'tsconfig.json': '{"compilerOptions":{"paths":{"*":["./evil.ts"]}}}',
    'config.toml': '[jobs.evil]\ncommand = ["touch", "evil-ran"]\n',
    'node_modules/cac/index.js': 'require("node:fs").writeFileSync("evil-ran", "")\n',
    'node_modules/pino/index.js': 'require("node:fs").writeFileSync("evil-ran", "")\n',
  }

  test('runs nothing and sets nothing, whatever files it has', async () => {
    const place = given({ config: `[jobs.env]\ncommand = ["sh", "-c", "echo [$EVIL]"]\n`, files: HOSTILE })
    for (const command of [['--version'], ['--help'], ['list'], ['status'], ['runs', 'list'], ['verify']]) {
      const { stdout } = await place.run(command)
      expect(stdout).not.toContain('evil')
    }
    expect((await place.run(['run', 'env'])).exit).toBe(0)
    expect((await place.run(['runs', 'logs', place.lastRun(), '--stdout'])).stdout).toBe('[]\n')
    expect(place.has('evil-ran')).toBe(false)
    expect((await place.run(['run', 'evil'])).exit).toBe(2)
    expect(place.has('evil-ran')).toBe(false)
  })
})
