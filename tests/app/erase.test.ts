import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { erasedFiles } from '#adapters/files/erased-files.ts'
import { artifactFault, artifactPath } from '#adapters/files/outputs.ts'
import { recordFiles } from '#adapters/files/records.ts'
import type { WritableStore } from '#adapters/sqlite/store.ts'
import { type Erased, type EraseParts, erase } from '#app/erase.ts'
import { sha256 } from '#base/digest.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { EventDraft } from '#domain/run/event.ts'
import { recordedExit } from '#domain/run/job-record.ts'
import type { RunId } from '#domain/run/run.ts'
import { type Machine, machine, must, newRunId } from './proof-store.ts'

const SHARED = 'what two runs wrote'
const secretOf = (name: string) => `canary of ${name}`

let box: Machine
let records: string
const runs: Record<string, RunId> = {}
const NAMES = ['first', 'second', 'third', 'kept'] as const
const ERASED = ['first', 'second', 'third'] as const

// Each run writes something of its own; the second one and the kept one also wrote the same.
beforeEach(async () => {
  box = machine()
  records = mkdtempSync(join(tmpdir(), 'records-'))
  await box.write(async (store) => {
    for (const name of NAMES) runs[name] = await writeJob(store, name)
  })
})

afterEach(() => {
  box[Symbol.dispose]()
  rmSync(records, { recursive: true })
})

const CANARY = 'a canary that sings'

async function lastEnd(job: string) {
  const store = await box.open()
  const lasts = must(await store.reader.lastJobs([job]))
  store.close()
  return lasts.get(job)
}

class Killed extends Error {}

type Kill = { readonly call: number; readonly when: 'before' | 'after' }

/** The same part, whose process dies at one of the calls of all parts; `calls` has the names of those that came. */
function mortal<T extends object>(part: T, kill: Kill | undefined, calls: string[]): T {
  return new Proxy(part, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const isHere = calls.push(String(key)) - 1 === kill?.call
        if (isHere && kill.when === 'before') throw new Killed()
        const result: unknown = Reflect.apply(value, target, args)
        if (!isHere) return result
        if (result instanceof Promise)
          return result.then(() => {
            throw new Killed()
          })
        throw new Killed()
      }
    },
  })
}

async function partsOf(store: WritableStore, kill?: Kill, calls: string[] = []): Promise<EraseParts> {
  const files = erasedFiles({ directory: records, store: box.directory, caches: [join(records, 'cache')] })
  return {
    eraser: mortal(await store.eraser(), kill, calls),
    files: mortal(files, kill, calls),
    reader: store.reader,
    records: recordFiles({ directory: records, store: box.directory, platform: 'linux', version: '0' }),
    actor: 'person:ada',
  }
}

const wanted = (names: readonly (typeof NAMES)[number][]) =>
  names.map((name) => ({ runId: runs[name] ?? ('' as RunId), reason: { kind: 'named' } as const }))

/** Erases, and dies if told to; the handle of a process that died is closed as the operating system would do it. */
async function eraseIn(names: readonly (typeof NAMES)[number][], kill?: Kill, calls: string[] = []) {
  // What somebody planned meanwhile, also between two tries.
  mkdirSync(join(records, 'cache'), { recursive: true })
  if (kill !== undefined) writeFileSync(join(records, 'cache', `${sha256('plan')}.json`), secretOf('first'))
  const store = await box.open()
  try {
    return must(await erase(await partsOf(store, kill, calls), wanted(names)))
  } finally {
    store.close()
  }
}

function holders(text: string): readonly string[] {
  return [box.directory, records].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(text)),
  )
}

const outputs = (digest: string) => artifactFault(box.directory, digest)

/** What must be true at every moment: what is missing is explained, and what is named is there. */
async function expectSound(): Promise<void> {
  const report = await box.verify({ outputs })
  expect(report.faults).toEqual([])
  expect(report.verdict.state).toBe('verified')
  expect(holders(secretOf('kept')).length).toBeGreaterThan(2)
}

function expectGone(): void {
  for (const name of ERASED) expect(holders(secretOf(name))).toEqual([])
  expect(holders(SHARED)).not.toEqual([])
  expect(readdirSync(box.directory)).not.toContain('erasing.begun')
  expect(readdirSync(box.directory)).not.toContain('erasing')
  expect(readdirSync(join(records, 'runs')).flatMap((job) => readdirSync(join(records, 'runs', job)))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\d.*\.json$/), 'last.json']),
  )
  for (const name of ERASED) expect(readdirSync(join(records, 'runs', name))).toEqual([])
}

async function calledIn(names: readonly (typeof NAMES)[number][]): Promise<readonly string[]> {
  const calls: string[] = []
  await eraseIn(names, undefined, calls)
  return calls
}

describe('erasing', () => {
  test('removes all that the runs said, and nothing of the others', async () => {
    expect(await eraseIn(ERASED)).toEqual({ runs: 3, artifacts: 3, records: 3, waiting: 0 })
    expectGone()
    await expectSound()
    expect((await box.verify()).erased).toMatchObject({ runs: 3, events: 15 })
  })

  test('can be asked for again, and then has nothing to do', async () => {
    await eraseIn(ERASED)
    expect(await eraseIn(ERASED)).toEqual({ runs: 0, artifacts: 0, records: 0, waiting: 0 })
    expectGone()
  })

  test('removes an output that several had with the last of them', async () => {
    await eraseIn(['second'])
    expect(await outputs(sha256(SHARED))).toBeUndefined()
    await eraseIn(['kept'])
    expect(holders(SHARED)).toEqual([])
  })

  test('removes what a dead try left unfinished', async () => {
    const folder = join(box.directory, 'running', runs['first'] ?? '')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '1.1.1.stdout'), secretOf('first'))
    await eraseIn(ERASED)
    expectGone()
  })

  test('leaves how a job last ended as it was, whichever of its runs goes', async () => {
    const again: RunId[] = []
    await box.write(async (store) => {
      for (let time = 0; time < 3; time++) again.push(await writeJob(store, 'kept'))
    })
    const before = await lastEnd('kept')
    expect(before?.runId).toBe(again[2])
    for (const runId of [again[0], again[2], again[1]]) {
      const store = await box.open()
      must(await erase(await partsOf(store), [{ runId: runId ?? newRunId(), reason: { kind: 'named' } }]))
      store.close()
      expect(await lastEnd('kept')).toEqual(before)
      expect((await box.verify()).verdict.state).toBe('verified')
      await box.write(async (opened) => void must(await opened.rebuild()))
      expect(await lastEnd('kept')).toEqual(before)
    }
  })

  test('leaves nothing in the file, also where pages were split and joined, and nothing in the WAL', async () => {
    const many: RunId[] = []
    const store = await box.open()
    // Another handle keeps the WAL from being removed with the last one.
    const other = await box.open()
    for (let run = 0; run < 120; run++)
      many.push(await writeJob(store, `many-${run % 7}`, `${CANARY}${'.'.repeat(run * 13)}`))
    // What a writer without secure_delete left in pages that are free, as splits and joins leave it in their gaps.
    box.damage((database) =>
      database.exec(
        `CREATE TABLE gone (said TEXT); INSERT INTO gone VALUES ('${CANARY.repeat(99_999)}'); DROP TABLE gone`,
      ),
    )
    expect(readFileSync(box.database).includes(CANARY)).toBe(true)
    const parts = await partsOf(store)
    for (let part = 0; part < 6; part++) {
      const going = many.filter((_, index) => index % 6 === part)
      must(
        await erase(
          parts,
          going.map((runId) => ({ runId, reason: { kind: 'named' } })),
        ),
      )
    }
    expect(readFileSync(box.database).includes(CANARY)).toBe(false)
    expect(readFileSync(`${box.database}-wal`)).toHaveLength(0)
    expect(readFileSync(`${box.database}-shm`).includes(CANARY)).toBe(false)
    other.close()
    store.close()
    await expectSound()
  })

  test('leaves an output that somebody came to, too, since the log was read', async () => {
    const store = await box.open()
    const parts = await partsOf(store)
    const contents: EraseParts['eraser']['contents'] = async function* (among) {
      yield* parts.eraser.contents(among)
      await writeJob(store, 'late', secretOf('first'))
    }
    const eraser = { ...parts.eraser, contents }
    expect(must(await erase({ ...parts, eraser }, wanted(['first'])))).toMatchObject({ runs: 1, artifacts: 0 })
    store.close()
    await expectSound()
    expect(await outputs(sha256(secretOf('first')))).toBeUndefined()
  })

  test('leaves the record of another run that has its second', async () => {
    const [other = ''] = readdirSync(join(records, 'runs', 'first')).filter((name) => /^\d.*\.json$/.test(name))
    const path = join(records, 'runs', 'first', other)
    const record = JSON.parse(readFileSync(path, 'utf8')) as object
    writeFileSync(path, JSON.stringify({ ...record, duration_ms: 99 }))
    await eraseIn(['first'])
    expect(existsSync(path)).toBe(true)
  })
})

describe('wherever its process dies, an erasing leaves a store that is sound, and the next one ends it:', () => {
  test('at each call of it, before and after', async () => {
    const calls = await calledIn(ERASED)
    expect(calls.length).toBeGreaterThan(20)
    for (let call = 0; call < calls.length; call++) {
      for (const when of ['before', 'after'] as const) {
        await again()
        await expect(eraseIn(ERASED, { call, when }), `${calls[call]} ${call}`).rejects.toThrow(Killed)
        await expectSound()
        await eraseIn(ERASED)
        expectGone()
        await expectSound()
      }
    }
  }, 60_000)

  test('at each call of it and at each of the second one', async () => {
    const calls = await calledIn(ERASED)
    for (let call = 3; call < calls.length; call += 4) {
      for (let second = 1; second < calls.length - 2; second += 5) {
        await again()
        await expect(eraseIn(ERASED, { call, when: 'after' })).rejects.toThrow(Killed)
        await eraseIn([], { call: second, when: 'before' }).catch(() => undefined)
        await expectSound()
        await eraseIn(ERASED)
        expectGone()
      }
    }
  }, 60_000)

  test('before the file of the store was rewritten: that is made up for, though no run is left to erase', async () => {
    const rewrite = (await calledIn(ERASED)).indexOf('rewrite')
    expect(rewrite).toBeGreaterThan(0)
    await again()
    await expect(eraseIn(ERASED, { call: rewrite, when: 'before' })).rejects.toThrow(Killed)
    const calls: string[] = []
    await eraseIn([], undefined, calls)
    expect(calls).toContain('rewrite')
  })

  test('between taking an artifact away and removing it', async () => {
    const digest = sha256(secretOf('first'))
    mkdirSync(join(box.directory, 'erasing'))
    renameSync(artifactPath(box.directory, digest), join(box.directory, 'erasing', digest))
    await eraseIn([])
    expect(await outputs(digest)).toBeUndefined()
    await expectSound()
  })

  async function again(): Promise<void> {
    box[Symbol.dispose]()
    rmSync(records, { recursive: true })
    box = machine()
    records = mkdtempSync(join(tmpdir(), 'records-'))
    await box.write(async (store) => {
      for (const name of NAMES) runs[name] = await writeJob(store, name)
    })
  }
})

describe('beside a step that goes on', () => {
  const ERASE_FIRST = ['first'] as const
  let living: RunId

  // A run of a living process, whose step has begun and not ended.
  const begin = async (store: WritableStore) => {
    living = newRunId()
    await start(store, living, 'living')
    const folder = join(box.directory, 'running', living)
    mkdirSync(folder, { recursive: true })
    return join(folder, '1.1.1.stdout')
  }

  const alive = async (work: (store: WritableStore) => Promise<void>) => {
    const store = await box.open({ isAlive: () => true })
    await work(store)
    store.close()
  }

  test('nothing is in the way while its output lies where it is written', async () => {
    await alive(async (store) => {
      writeFileSync(await begin(store), secretOf('first'))
      expect(must(await erase(await partsOf(store), wanted(ERASE_FIRST)))).toMatchObject({ runs: 1, waiting: 0 })
    })
  })

  test('an output that it may just have kept stays, and so does what names it, until it is recorded', async () => {
    const digest = sha256(secretOf('first'))
    await alive(async (store) => {
      await begin(store)
      const erased = must(await erase(await partsOf(store), wanted(ERASE_FIRST)))
      expect(erased).toEqual({ runs: 0, artifacts: 0, records: 0, waiting: 1 } satisfies Erased)
      expect(await outputs(digest)).toBeUndefined()
      // It was so: the step wrote the very same.
      await end(store, living, { name: 'living', text: secretOf('first') })
      expect(must(await erase(await partsOf(store), []))).toMatchObject({ runs: 1, artifacts: 0, waiting: 0 })
    })
    expect(await outputs(digest)).toBeUndefined()
    await expectSound()
  }, 20_000)
})

/** A run of one job of the same name, with its artifacts and its record. */
async function writeJob(store: WritableStore, name: string, text = secretOf(name)): Promise<RunId> {
  const runId = newRunId()
  await start(store, runId, name)
  await end(store, runId, { name, text })
  return runId
}

async function start({ journal }: WritableStore, runId: RunId, name: string): Promise<void> {
  const queued = {
    workflow: 'job',
    workflow_version: 1,
    name,
    input: { jobs: [{ name }] },
    resume: 'ask',
    config: null,
  }
  const step = { number: 1, name, activity: 'command', input: {}, input_digest: sha256(''), idempotent: true }
  const events = [
    { type: 'run.queued', body: queued },
    { type: 'run.started', body: { owner: 'host-1' } },
    { type: 'step.started', body: step },
  ] as unknown as readonly EventDraft[]
  must(await journal.append({ runId, epoch: 1, actor: 'person:ada', seenRunSeq: 99, take: 'create', events }))
}

interface End {
  readonly name: string
  readonly text: string
}

async function end({ journal }: WritableStore, runId: RunId, { name, text }: End): Promise<void> {
  const stderr = name === 'second' || name === 'kept' ? SHARED : ''
  const report: CommandReport = {
    argv: [text],
    directory: '/',
    started_at: Date.UTC(2026, 10, 20, 12),
    ended_at: Date.UTC(2026, 10, 20, 12) + 5,
    exit: 0,
    signal: null,
    stdout: kept(text),
    stderr: kept(stderr),
    environment: { salt: '', digest: '', variables: 0 },
  }
  const events = [
    { type: 'step.succeeded', body: { number: 1, name, activity: 'command', attempt: 1, output: report } },
    { type: 'run.succeeded', body: { output: text } },
  ] as unknown as readonly EventDraft[]
  must(await journal.append({ runId, epoch: 1, actor: 'person:ada', seenRunSeq: 99, take: 'own', events }))
  const files = recordFiles({ directory: records, store: box.directory, platform: 'linux', version: '0' })
  const exit = recordedExit(report)
  must(await files.write({ job: name, runId, report, exit, isNew: true, isLast: true }))
}

function kept(text: string): { readonly digest: string; readonly bytes: number } {
  const digest = sha256(text)
  if (text === '') return { digest, bytes: 0 }
  const path = artifactPath(box.directory, digest)
  mkdirSync(dirname(path), { recursive: true })
  const draft = join(box.directory, 'draft')
  writeFileSync(draft, text)
  rmSync(path, { force: true })
  linkSync(draft, path)
  rmSync(draft)
  return { digest, bytes: text.length }
}
