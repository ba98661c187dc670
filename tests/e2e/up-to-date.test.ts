import { chmodSync, rmSync, truncateSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'

checkLeaks()

const BUILD = `
[jobs.build]
command = ["sh", "-c", "echo start >> ran; mkdir -p dist; cat src/*.ts > dist/app; echo built"]
inputs = ["src/**"]
outputs = ["dist/app"]
`

const SOURCES = { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' }

interface Reason {
  readonly because: string
  readonly names: readonly string[]
  readonly count: number
}

/** Why the job ran in its latest run, or that it did not. */
async function lastReason(place: TestPlace, job = 'build'): Promise<Reason | 'up to date' | undefined> {
  const { events } = await place.json(['runs', 'show', job])
  const ends = (events as readonly { readonly type: string; readonly body: Record<string, unknown> }[]).filter(
    ({ type }) => type === 'step.succeeded' || type === 'step.failed',
  )
  const body = ends.at(-1)?.body ?? {}
  const report = (body['output'] ?? (body['failure'] as Record<string, unknown>)['report']) as Record<string, unknown>
  if (report['up_to_date'] !== undefined) return 'up to date'
  const stale = report['stale'] as Reason | undefined
  return stale === undefined ? undefined : { because: stale.because, names: stale.names, count: stale.count }
}

async function reasonAfterRun(
  place: TestPlace,
  ...args: readonly string[]
): Promise<Reason | 'up to date' | undefined> {
  await place.run(['run', 'build', ...args])
  return await lastReason(place)
}

const because = (why: string, ...names: readonly string[]) => ({ because: why, names, count: names.length })

describe.skipIf(onWindows)('a job with inputs', () => {
  test('does not run again while its files are as they were, and says since when', async () => {
    const place = given({ config: BUILD, files: SOURCES })
    await place.gives(['run', 'build'], {
      stdout: 'job=build exit=0 duration_ms=<n>\n',
      stderr: 'build · ok · <t>\nbuilt\n',
      exit: 0,
    })
    await place.gives(['run', 'build'], {
      stdout: 'job=build exit=0 duration_ms=<n>\n',
      stderr: 'build · up to date: 2 inputs and 1 output unchanged since run <run> · <t>\n',
      exit: 0,
    })
    expect(place.lines('ran')).toEqual(['start'])
    const shown = await place.run(['runs', 'show', 'build'])
    expect(place.tidy(shown.stdout)).toContain(
      '  ok    build       <t>   up to date: 2 inputs and 1 output unchanged since run <run>\n',
    )
    const first = (await place.json(['runs', 'list'])) as { readonly runs: readonly { readonly run: string }[] }
    const document = await place.json(['run', 'build'])
    expect(document).toMatchObject({
      exit: 0,
      jobs: [{ job: 'build', exit: 0, up_to_date: { run: first.runs.at(-1)?.run, inputs: 2, outputs: 1 } }],
    })
  })

  test('runs where anything has changed, for the first reason that decides', async () => {
    const place = given({ config: BUILD, files: SOURCES })
    expect(await reasonAfterRun(place)).toEqual(because('no_success'))
    place.write('src/a.ts', 'A\n')
    expect(await reasonAfterRun(place)).toEqual(because('input_changed', 'src/a.ts'))
    place.write('src/lib/new.ts', 'new\n')
    expect(await reasonAfterRun(place)).toEqual(because('input_added', 'src/lib/new.ts'))
    rmSync(place.path('src/lib'), { recursive: true })
    expect(await reasonAfterRun(place)).toEqual(because('input_removed', 'src/lib/new.ts'))
    rmSync(place.path('dist'), { recursive: true })
    expect(await reasonAfterRun(place)).toEqual(because('output_missing', 'dist/app'))
    place.write('dist/app', 'something else')
    expect(await reasonAfterRun(place)).toEqual(because('output_changed', 'dist/app'))
    chmodSync(place.path('src/a.ts'), 0o755)
    expect(await reasonAfterRun(place)).toEqual(because('input_changed', 'src/a.ts'))
    expect(await reasonAfterRun(place)).toBe('up to date')
    expect(await reasonAfterRun(place, '--force')).toEqual(because('forced'))
    expect(await reasonAfterRun(place)).toBe('up to date')
    place.configure(`${BUILD}env = { MODE = "x" }\nallow_exit = [3]\n`)
    expect(await reasonAfterRun(place)).toEqual(because('definition', 'env', 'allow_exit'))
    place.configure(BUILD.replace('echo built', 'echo done'))
    expect(await reasonAfterRun(place)).toEqual(because('definition', 'command', 'env', 'allow_exit'))
    place.configure(`${BUILD.replace('echo built', 'echo done')}cache = false\n`)
    expect(await reasonAfterRun(place)).toEqual(because('cache_off'))
  })

  test('is not up to date after a later failure, whatever its files', async () => {
    const place = given({
      config: `[jobs.build]\ncommand = ["sh", "-c", "test ! -e broken"]\ninputs = ["src"]\n`,
      files: SOURCES,
    })
    expect(await reasonAfterRun(place)).toEqual(because('no_success'))
    expect(await reasonAfterRun(place)).toBe('up to date')
    place.write('broken', '')
    expect(await reasonAfterRun(place, '--force')).toEqual(because('forced'))
    expect(await reasonAfterRun(place)).toEqual(because('failed_since'))
    rmSync(place.path('broken'))
    expect(await reasonAfterRun(place)).toEqual(because('failed_since'))
    expect(await reasonAfterRun(place)).toBe('up to date')
  })

  test('tries again after a failure of its command although that made all its outputs', async () => {
    const config = BUILD.replace('echo built', 'test $ORCHASTRATION_ATTEMPT = 2').concat(
      'retry = { attempts = 2, backoff = "1ms" }\n',
    )
    const place = given({ config, files: SOURCES })
    expect(await reasonAfterRun(place)).toEqual(because('tried_again'))
    expect(place.lines('ran')).toEqual(['start', 'start'])
    expect(await reasonAfterRun(place)).toBe('up to date')
  })

  test('that changes its own input runs again, and is told so', async () => {
    const place = given({
      config: `[jobs.build]\ncommand = ["sh", "-c", "echo more >> src/a.ts; echo x > src/log"]\ninputs = ["src/**"]\n`,
      files: SOURCES,
    })
    await place.run(['run', 'build'])
    expect(await reasonAfterRun(place)).toEqual(because('input_changed_meanwhile', 'src/a.ts', 'src/log'))
  })

  test('whose inputs are its outputs is up to date once it has nothing left to do', async () => {
    const place = given({
      config: `[jobs.build]\ncommand = ["sh", "-c", "echo ran >> ran; for f in src/*; do echo tidy > $f; done"]\ninputs = ["src/**"]\noutputs = ["src/**"]\n`,
      files: SOURCES,
    })
    await place.run(['run', 'build'])
    expect(await reasonAfterRun(place)).toBe('up to date')
    place.write('src/b.ts', 'untidy')
    expect(await reasonAfterRun(place)).toEqual(because('output_changed', 'src/b.ts'))
    place.write('src/c.ts', 'untidy')
    expect(await reasonAfterRun(place)).toEqual(because('output_added', 'src/c.ts'))
    expect(await reasonAfterRun(place)).toBe('up to date')
  })

  test('of another directory has a past of its own', async () => {
    const place = given({ config: BUILD, files: { ...SOURCES, 'other/src/a.ts': 'a\n' } })
    await place.run(['run', 'build'])
    await place.run(['run', 'build'], { cwd: place.path('other') })
    expect(place.lines('other/ran')).toEqual(['start'])
    expect(await reasonAfterRun(place)).toBe('up to date')
  })

  test('is started by what needs it only where it must', async () => {
    const place = given({
      config: `${BUILD}\n[jobs.test]\nneeds = ["build"]\ncommand = ["cat", "dist/app"]\n`,
      files: SOURCES,
    })
    await place.run(['run', 'test'])
    await place.gives(['run', 'test'], {
      stdout: 'job=test exit=0 duration_ms=<n>\n',
      stderr: 'build · up to date: 2 inputs and 1 output unchanged since run <run> · <t>\ntest · ok · <t>\na\nb\n',
      exit: 0,
    })
  })

  test('that did not run leaves record and status of the run before', async () => {
    const place = given({ config: BUILD, files: SOURCES })
    await place.run(['run', 'build'])
    const before = await place.run(['status'])
    await place.run(['run', 'build'])
    expect(await place.run(['status'])).toEqual(before)
    expect((await place.run(['rebuild'])).stdout).toBe('runs=2 records=1\n')
    expect(await place.run(['status'])).toEqual(before)
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })

  test('whose patterns match nothing runs, and says so', async () => {
    const place = given({ config: `[jobs.build]\ncommand = ["true"]\ninputs = ["src/*.tss"]\n`, files: SOURCES })
    await place.gives(['run', 'build'], {
      stdout: 'job=build exit=0 duration_ms=<n>\n',
      stderr: 'build · ok · <t>\nbuild: src/*.tss matches nothing\n',
      exit: 0,
    })
  })
})

describe.skipIf(onWindows)('inputs and outputs', () => {
  test('that are not there or no files are a failure before anything starts', async () => {
    const config = (input: string) => `[jobs.build]\ncommand = ["touch", "ran"]\ninputs = ["${input}"]\n`
    const place = given({
      config: config('srx/a.ts'),
      files: SOURCES,
      programs: { 'make-pipe': '#!/bin/sh\nmkfifo src/pipe\n' },
    })
    await place.gives(['run', 'build'], {
      stdout: 'job=build exit=1 duration_ms=<n>\n',
      stderr: 'build · input srx/a.ts is not there · <t>\nall that happened: orchastration runs show <run>\n',
      exit: 2,
    })
    Bun.spawnSync([place.path('make-pipe')], { cwd: place.directory })
    place.configure(config('src'))
    const piped = await place.run(['run', 'build'])
    expect(piped.exit).toBe(2)
    expect(piped.stderr).toContain('build · input src/pipe is neither a file nor a directory')
    place.configure(config('src\\\\a.ts'))
    const wrong = await place.run(['run', 'build'])
    expect(wrong.exit).toBe(2)
    expect(wrong.stderr).toContain('a pattern such as')
    expect(place.has('ran')).toBe(false)
  })

  test('that the command should have made and are no files are a failure, and no success to come back to', async () => {
    const config = `[jobs.build]\ncommand = ["sh", "-c", "mkfifo dist || true"]\ninputs = ["src"]\noutputs = ["dist"]\n`
    const place = given({ config, files: SOURCES })
    const ran = await place.run(['run', 'build'])
    expect(place.tidy(ran.stderr)).toContain('build · output dist is neither a file nor a directory · <t>\n')
    expect(ran.exit).toBe(1)
    expect(await reasonAfterRun(place)).toEqual(because('failed_since'))
  })

  test('without inputs, outputs spare nothing; with none on purpose, they do', async () => {
    const config = (inputs: string) =>
      `[jobs.build]\ncommand = ["sh", "-c", "echo x > out"]\noutputs = ["out"]\n${inputs}`
    const place = given({ config: config('') })
    await place.run(['run', 'build'])
    expect(await reasonAfterRun(place)).toEqual(because('no_inputs'))
    place.configure(config('inputs = []\n'))
    await place.run(['run', 'build'])
    expect(await reasonAfterRun(place)).toBe('up to date')
    rmSync(place.path('out'))
    expect(await reasonAfterRun(place)).toEqual(because('output_missing', 'out'))
  })
})

describe.skipIf(onWindows)('after kill -9', () => {
  test('in the middle of a job, that job runs', async () => {
    const config = `[jobs.build]\ncommand = ["sh", "-c", "echo start >> ran; until test -e go; do sleep 0.05; done; echo x > out"]\ninputs = ["src"]\noutputs = ["out"]\nidempotent = true\n`
    const place = given({ config, files: SOURCES })
    const first = place.start(['run', 'build'])
    await until(() => place.lines('ran').length === 1, 'the job has started')
    await first.crash()
    place.write('go', '')
    expect(await reasonAfterRun(place)).toEqual(because('no_success'))
    expect(await reasonAfterRun(place)).toBe('up to date')
    const resumed = await place.run(['runs', 'resume', (await interrupted(place)) ?? ''])
    expect(resumed.stderr).toContain('up to date: 2 inputs and 1 output unchanged')
    expect(place.lines('ran')).toEqual(['start', 'start'])
  })

  async function interrupted(place: TestPlace): Promise<string | undefined> {
    const { runs } = (await place.json(['runs', 'list', '--status', 'interrupted'])) as {
      readonly runs: readonly { readonly run: string }[]
    }
    return runs[0]?.run
  }
})

describe.skipIf(onWindows)('two runs of one job at once', () => {
  test('both run and both count; the next one is up to date', async () => {
    const config = `[jobs.build]\ncommand = ["sh", "-c", "echo start >> ran; until test -e go; do sleep 0.05; done; echo x > out"]\ninputs = ["src"]\noutputs = ["out"]\n`
    const place = given({ config, files: SOURCES })
    const both = [place.start(['run', 'build']), place.start(['run', 'build'])]
    await until(() => place.lines('ran').length === 2, 'both have started')
    place.write('go', '')
    for (const { ended } of both) expect((await ended).exit).toBe(0)
    expect(await reasonAfterRun(place)).toBe('up to date')
    expect((await place.run(['verify', '--outputs'])).exit).toBe(0)
  })
})

describe.skipIf(onWindows)('a long look at inputs', () => {
  test('ends with the timeout of the job, and nothing is started', async () => {
    const place = given({
      config: `[jobs.build]\ncommand = ["touch", "ran"]\ninputs = ["big"]\ntimeout_seconds = 1\n`,
    })
    place.write('big', '')
    truncateSync(place.path('big'), 64 * 1024 ** 3)
    const ran = await place.run(['run', 'build'])
    expect(ran.exit).toBe(124)
    expect(ran.stderr).toContain('build · timed out · ')
    expect(place.has('ran')).toBe(false)
  })

  test('killed in the middle leaves nothing to believe', async () => {
    const place = given({ config: `[jobs.build]\ncommand = ["touch", "ran"]\ninputs = ["big"]\n` })
    place.write('big', '')
    truncateSync(place.path('big'), 64 * 1024 ** 3)
    const first = place.start(['run', 'build'])
    await until(() => place.events().some(({ type }) => type === 'step.started'), 'the step has started')
    await first.crash()
    truncateSync(place.path('big'), 10)
    expect(await reasonAfterRun(place)).toEqual(because('no_success'))
    expect(await reasonAfterRun(place)).toBe('up to date')
    expect((await place.run(['verify'])).exit).toBe(0)
  })
})
