import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { marks } from '#adapters/keys/marks.ts'
import { signingKey } from '#adapters/keys/signing-key.ts'
import { openReadableStore, openStore, type WritableStore } from '#adapters/sqlite/store.ts'
import { exportLog } from '#app/export.ts'
import { type VerifyRequest, verifyStore } from '#app/verify.ts'
import { verifyExport } from '#app/verify-export.ts'
import type { VerifyReport } from '#app/verify-report.ts'
import { sha256 } from '#base/digest.ts'
import { ulid } from '#base/id.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventDraft } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'

/** A machine with its own key and marks, and a store on it; all of it in a directory that goes away. */
export interface Machine {
  readonly directory: string
  readonly data: string
  readonly database: string
  readonly key: ReturnType<typeof signingKey>
  readonly marks: ReturnType<typeof marks>
  readonly clock: { time: number; now(): number }
  readonly publicKey: string
  open(life?: { readonly isAlive: (owner: string) => boolean }): Promise<WritableStore>
  /** Opens the store, works, and closes it, so that all of it is in one file. */
  write(work: (store: WritableStore) => Promise<void>): Promise<void>
  verify(request?: Partial<VerifyRequest>): Promise<VerifyReport>
  tryVerify(request?: Partial<VerifyRequest>): Promise<Result<VerifyReport, Failure>>
  exported(run?: RunId): Promise<string>
  /** Changes the file of the store with SQL, as anyone with an editor could. */
  damage(work: (database: DatabaseSync) => void): void
  copyTo(name: string): void
  restore(name: string): void
  [Symbol.dispose](): void
}

export function machine(): Machine {
  const root = mkdtempSync(join(tmpdir(), 'proof-'))
  const directory = join(root, 'store')
  const data = join(root, 'data')
  const database = join(directory, 'store.db')
  const key = signingKey(data)
  const ownMarks = marks(data)
  const clock = { time: Date.UTC(2026, 10, 20, 12), now: () => (clock.time += 7) }
  const open = async ({ isAlive } = { isAlive: (_: string) => false }) =>
    must(
      await openStore({
        directory,
        clock,
        key,
        marks: ownMarks,
        actor: 'system:test',
        liveness: { owner: 'host-1', isAlive },
      }),
    )
  const tryVerify = async (request: Partial<VerifyRequest> = {}) => {
    const opened: { close(): void }[] = []
    const result = await verifyStore({
      open: async () => {
        const store = await openReadableStore(directory)
        if (store.ok) opened.push(store.value.reader)
        return store
      },
      key,
      marks: ownMarks,
      ...request,
    })
    for (const store of opened) store.close()
    return result
  }
  return {
    directory,
    data,
    database,
    key,
    marks: ownMarks,
    clock,
    publicKey: join(data, 'signing-key.pub'),
    open,
    write: async (work) => {
      const store = await open()
      await work(store)
      store.close()
    },
    tryVerify,
    verify: async (request) => must(await tryVerify(request)),
    exported: async (run) => {
      const store = must(await openReadableStore(directory))
      const lines: string[] = []
      for await (const line of must(await exportLog({ log: store.log, key, run }))) lines.push(`${must(line)}\n`)
      store.reader.close()
      return lines.join('')
    },
    damage: (work) => {
      const file = new DatabaseSync(database)
      work(file)
      file.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      file.close()
    },
    copyTo: (name) => copyFileSync(database, join(root, name)),
    restore: (name) => {
      for (const suffix of ['-wal', '-shm']) rmSync(database + suffix, { force: true })
      copyFileSync(join(root, name), database)
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

let ids = 0
export function newRunId(): RunId {
  ids += 1
  return ulid(Date.UTC(2026, 10, 20, 12) + ids, () => (ids % 97) / 97) as RunId
}

/** Writes a run of 6 events through the journal, as the engine does: begun, one step, ended and thereby signed. */
export async function writeRun(
  { journal }: WritableStore,
  { ends = true }: { readonly ends?: boolean } = {},
): Promise<RunId> {
  const runId = newRunId()
  const own = { runId, epoch: 1, actor: 'person:ada', seenRunSeq: 99 } as const
  must(
    await journal.append({
      ...own,
      take: 'create',
      events: [QUEUED, { type: 'run.started', body: { owner: 'host-1' } }],
    }),
  )
  must(await journal.append({ ...own, take: 'own', events: [STARTED] }))
  must(
    await journal.append({
      ...own,
      take: 'own',
      events: [
        { type: 'value.drawn', body: { number: 2, kind: 'uuid', value: 'ü"\\\u2028' }, dedupeKey: `${runId}/2` },
      ],
    }),
  )
  if (ends) {
    must(
      await journal.append({
        ...own,
        take: 'own',
        events: [SUCCEEDED, { type: 'run.succeeded', body: { output: { jobs: ['build'] } } }],
      }),
    )
  }
  return runId
}

/** Writes a run of 5 events that was parked, and thereby signed, after its third. */
export async function writeParkedRun({ journal }: WritableStore): Promise<RunId> {
  const runId = newRunId()
  const own = { runId, actor: 'person:ada', seenRunSeq: 99 } as const
  const began: EventDraft = { type: 'run.started', body: { owner: 'host-1' } }
  const parked: EventDraft = { type: 'run.waiting', body: { ready_at: 5 } }
  must(await journal.append({ ...own, take: 'create', epoch: 1, events: [QUEUED, began], park: parked }))
  const resumed: EventDraft = { type: 'run.resumed', body: { owner: 'host-1', unattended: true, restarted: [] } }
  const ended: EventDraft = { type: 'run.succeeded', body: { output: null } }
  must(await journal.append({ ...own, take: 'takeover', epoch: 2, events: [resumed, ended] }))
  return runId
}

/** Erases runs in the store: the facts, then the bodies. */
export async function eraseRuns(store: WritableStore, runIds: readonly RunId[]): Promise<void> {
  const eraser = await store.eraser()
  for (const runId of runIds) must(await eraser.begin(runId, { actor: 'person:ada', reason: { kind: 'named' } }))
  must(await eraser.empty(runIds))
}

const QUEUED: EventDraft = {
  type: 'run.queued',
  body: {
    workflow: 'jobs',
    workflow_version: 1,
    name: 'build',
    input: { job: 'build', note: 'naïve “quotes” and 🙂' },
    resume: 'manual',
    config: null,
  } as unknown as Extract<EventDraft, { type: 'run.queued' }>['body'],
}

const STARTED: EventDraft = {
  type: 'step.started',
  body: {
    number: 1,
    name: 'build',
    activity: 'note',
    input: { text: 'hello' },
    input_digest: sha256('hello'),
    idempotent: true,
  },
}

const SUCCEEDED: EventDraft = {
  type: 'step.succeeded',
  body: { number: 1, name: 'build', activity: 'note', attempt: 1, output: { said: 'hello' } },
}

export function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`expected a value, got ${JSON.stringify(result.error)}`)
  return result.value
}

export async function verifyText(
  text: string | Uint8Array,
  {
    key,
    keyFile,
    known,
  }: { readonly key: Machine['key']; readonly keyFile?: string; readonly known?: { path: string; note: string } },
): Promise<VerifyReport> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return must(await verifyExport({ path: 'export.jsonl', bytes: pieces(bytes), key, keyFile, known }))
}

/** Pieces of an odd size, so that lines and characters are cut. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 97) yield bytes.subarray(start, start + 97)
}
