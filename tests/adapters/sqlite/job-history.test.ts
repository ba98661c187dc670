import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WritableStore } from '#adapters/sqlite/store.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { Fingerprint, Stale } from '#domain/run/fingerprint.ts'
import type { RunId } from '#domain/run/run.ts'
import { eraseRuns, type Machine, machine, must, newRunId } from '../../app/proof-store.ts'

let box: Machine
let store: WritableStore
beforeEach(async () => {
  box = machine()
  store = await box.open()
})
afterEach(() => {
  store.close()
  box[Symbol.dispose]()
})

const FINGERPRINT: Fingerprint = {
  salt: 'aa',
  definition: { command: 'bb' },
  inputs: { digest: 'cc', count: 2 },
  outputs: { digest: 'dd', count: 1 },
}

const STALE: Stale = { because: 'forced', names: [], count: 0 }

function report(more: Partial<CommandReport>, directory = '/work'): CommandReport {
  const nothing = { digest: 'ee', bytes: 0 }
  const environment = { salt: 'ff', digest: '00', variables: 0 }
  const times = { started_at: 1, ended_at: 2 }
  return {
    argv: ['x'],
    directory,
    ...times,
    exit: 0,
    signal: null,
    stdout: nothing,
    stderr: nothing,
    environment,
    ...more,
  }
}

const STEP = { number: 1, name: 'build', activity: 'command', attempt: 1 } as const

function succeeded(output: CommandReport): EventDraft {
  return { type: 'step.succeeded', body: { ...STEP, output } }
}

function failed(failure: Failure): EventDraft {
  return { type: 'step.failed', body: { ...STEP, failure } }
}

async function write(...events: readonly EventDraft[]): Promise<RunId> {
  const runId = newRunId()
  const input = { requested: ['build'], jobs: [{ name: 'build' }], parallel: 1 }
  const queued: EventDraft = {
    type: 'run.queued',
    body: { workflow: 'job', workflow_version: 1, name: 'build', input, resume: 'ask', config: null },
  }
  const own = { runId, epoch: 1, actor: 'person:ada', seenRunSeq: 99 } as const
  must(await store.journal.append({ ...own, take: 'create', events: [queued, ...events] }))
  return runId
}

const last = async (directory = '/work') => must(await store.history.lastEnd('build', directory))

test('the last success of a job in a directory is known by its fingerprint', async () => {
  expect(await last()).toBeUndefined()
  const run = await write(succeeded(report({ fingerprint: FINGERPRINT })))
  expect(await last()).toEqual({ run, fingerprint: FINGERPRINT })
  expect(await last('/other')).toBeUndefined()
  const newer = { ...FINGERPRINT, salt: 'a1' }
  const second = await write(succeeded(report({ fingerprint: newer })))
  expect(await last()).toEqual({ run: second, fingerprint: newer })
})

test('ends that say nothing about files change nothing', async () => {
  const run = await write(succeeded(report({ fingerprint: FINGERPRINT })))
  await write(succeeded(report({})))
  await write(succeeded(report({ up_to_date: { run, inputs: 2, outputs: 1 } })))
  await write(failed({ code: 'command_failed', exit: 1, report: report({ exit: 1 }) }))
  await write(failed({ code: 'input_unusable', path: 'a', reason: 'ENOENT', report: report({ exit: null }) }))
  expect(await last()).toEqual({ run, fingerprint: FINGERPRINT })
})

test('what did not run leaves the last end of its job as it was', async () => {
  const run = await write(succeeded(report({ fingerprint: FINGERPRINT })))
  await write(succeeded(report({ up_to_date: { run, inputs: 2, outputs: 1 } })))
  expect(must(await store.reader.lastJobs(['build'])).get('build')?.runId).toBe(run)
})

test('a failure of a job with inputs hides the success before it', async () => {
  await write(succeeded(report({ fingerprint: FINGERPRINT })))
  const run = await write(failed({ code: 'timed_out', timeout_ms: 1, report: report({ exit: null, stale: STALE }) }))
  expect(await last()).toEqual({ run })
})

test('what was put into the log from elsewhere is not believed', async () => {
  await write(succeeded(report({ fingerprint: FINGERPRINT })))
  box.damage((database) => database.exec(`UPDATE events SET body = replace(body, '"bb"', '"b0"')`))
  expect(await last()).toBeUndefined()
})

describe('an erased run', () => {
  const ended: EventDraft = { type: 'run.succeeded', body: { output: null } }
  const success = () => write(succeeded(report({ fingerprint: FINGERPRINT })), ended)
  const failure = () => write(failed({ code: 'timed_out', timeout_ms: 1, report: report({ stale: STALE }) }), ended)
  const rebuiltToTheSame = async () => {
    const before = await last()
    must(await store.rebuild())
    expect(await last()).toEqual(before)
    expect((await box.verify()).verdict.state).toBe('verified')
  }

  test('says nothing any more of the files of its jobs', async () => {
    const run = await success()
    await eraseRuns(store, [run])
    expect(await last()).toBeUndefined()
    await rebuiltToTheSame()
  })

  test('leaves an earlier success as it was, and one that came later', async () => {
    const [first, second, third] = [await success(), await success(), await success()]
    await eraseRuns(store, [second])
    expect((await last())?.run).toBe(third)
    await eraseRuns(store, [third])
    expect((await last())?.run).toBe(first)
    await rebuiltToTheSame()
  })

  test('that failed does not bring the success before it back', async () => {
    await success()
    await eraseRuns(store, [await failure()])
    expect(await last()).toBeUndefined()
    await rebuiltToTheSame()
    const later = await success()
    expect((await last())?.run).toBe(later)
    await rebuiltToTheSame()
  })

  test('that did not run its job is no last end of it', async () => {
    const run = await success()
    const skipped = await write(succeeded(report({ up_to_date: { run, inputs: 2, outputs: 1 } })), ended)
    await eraseRuns(store, [skipped])
    expect(must(await store.reader.lastJobs(['build'])).get('build')?.runId).toBe(run)
    await rebuiltToTheSame()
  })
})
