import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildActivity } from '#activities/build.ts'
import { expectedFiles } from '#adapters/files/expected-files.ts'
import { err, ok } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { ActivityAttempt } from '#engine/activities.ts'

const directory = mkdtempSync(join(tmpdir(), 'orchastration-build-'))
afterAll(() => rmSync(directory, { recursive: true }))

const report: CommandReport = {
  argv: ['make'],
  directory,
  started_at: 1,
  ended_at: 2,
  exit: 0,
  signal: null,
  stdout: { digest: 'a', bytes: 0 },
  stderr: { digest: 'b', bytes: 0 },
  environment: { salt: 'c', digest: 'd', variables: 0 },
}
const never = new AbortController().signal
const attempt: ActivityAttempt = {
  key: 'r/1',
  step: 'build:t',
  attempt: 1,
  start: '1.1.1',
  signal: never,
  hurry: never,
}

/** A build whose command does that, with these outputs expected of it. */
async function building(command: () => void, outputs: readonly string[], tried = attempt) {
  const run = async () => {
    command()
    return ok(report)
  }
  const about = { description: null, repo: 'external', outputs, documents: null } as const
  const input = { task: 't', about, status: 'planned', directory, argv: ['make'], outputs }
  return await buildActivity({ command: { run }, files: async () => expectedFiles() }).run(input, tried)
}

const at = (name: string) => join(directory, name)

describe('the outputs of a build', () => {
  test('are fresh where the command made them, relative or absolute', async () => {
    const built = await building(() => writeFileSync(at('new'), 'x'), ['new', at('new')])
    expect(built).toEqual(ok({ ...report, outputs: [at('new')] }))
  })

  test('are fresh where the same was written again', async () => {
    writeFileSync(at('again'), 'x')
    utimesSync(at('again'), 1, 1)
    expect(await building(() => writeFileSync(at('again'), 'x'), ['again'])).toMatchObject({ ok: true })
  })

  test('are fresh where only the content tells that they were written', async () => {
    writeFileSync(at('sly'), 'one')
    const { atime, mtime } = statSync(at('sly'))
    const built = await building(() => {
      writeFileSync(at('sly'), 'two')
      utimesSync(at('sly'), atime, mtime)
    }, ['sly'])
    expect(built).toMatchObject({ ok: true })
  })

  test('are not fresh where they were there before and were not touched', async () => {
    writeFileSync(at('old'), 'x')
    expect(await building(() => undefined, ['old'])).toEqual(
      err({ code: 'outputs_not_made', missing: [], untouched: [at('old')], report }),
    )
  })

  test('are missing where nothing is there, also after a command that removed them', async () => {
    writeFileSync(at('gone'), 'x')
    expect(await building(() => rmSync(at('gone')), ['gone', 'never'])).toEqual(
      err({ code: 'outputs_not_made', missing: [at('gone'), at('never')], untouched: [], report }),
    )
  })

  test('may be directories, which are fresh once something in them was written', async () => {
    mkdirSync(at('dist/deep'), { recursive: true })
    expect(await building(() => undefined, ['dist'])).toMatchObject({ error: { untouched: [at('dist')] } })
    expect(await building(() => writeFileSync(at('dist/deep/x'), ''), ['dist'])).toMatchObject({ ok: true })
  })
})

test('a build that was told to stop while its outputs are read has not succeeded', async () => {
  const stop = new AbortController()
  const failure: Failure = { code: 'cancelled' }
  const built = await building(() => stop.abort(failure), [], { ...attempt, signal: stop.signal })
  expect(built).toEqual(err({ code: 'cancelled', report }))
})
