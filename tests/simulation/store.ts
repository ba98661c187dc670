import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PROJECTION_TABLES } from '#adapters/sqlite/database.ts'
import { openReadableStore, openStore, type WritableStore } from '#adapters/sqlite/store.ts'
import type { Eraser } from '#app/eraser-port.ts'
import type { Marks, SigningKey } from '#app/proof-port.ts'
import type { LogReader } from '#app/store-port.ts'
import type { Clock } from '#base/clock.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Liveness } from '#engine/journal-port.ts'

/** One process's hold of the store: the handle stays open, whoever comes and goes behind it. */
export interface Slot {
  readonly store: WritableStore
  /** The process that uses the handle at the moment. */
  owner: string
}

/** A real store in a file, with several handles on it, emptied between simulations. */
export interface SimStore {
  readonly slots: readonly Slot[]
  readonly log: LogReader
  /** Of the last handle, which is that of people. */
  readonly eraser: Eraser
  /** A connection of nobody's, to look at what is durable. */
  readonly side: DatabaseSync
  /** The number of the last event of an empty store. */
  readonly emptySeq: number
  /** Empties it and says whose clock and life count from here on. */
  reset(world: { readonly clock: Clock; readonly isAlive: (owner: string) => boolean }): void
  close(): void
}

const SLOTS = 4

export async function openSimStore(): Promise<SimStore> {
  const directory = mkdtempSync(join(fastestFolder(), 'simulation-'))
  let clock: Clock = { now: () => 0 }
  let isAlive: (owner: string) => boolean = () => false
  const told: Clock = { now: () => clock.now() }
  const slots: Slot[] = []
  for (let number = 0; number < SLOTS; number++) slots.push(await openSlot())
  const [first] = slots
  if (first === undefined) throw new Error('a store has no handle')
  // The first commit writes the event that makes the store.
  await first.store.journal.append({
    runId: 'none' as Parameters<typeof first.store.journal.history>[0],
    take: 'own',
    epoch: 0,
    actor: 'system:simulation',
    seenRunSeq: 0,
    events: [],
  })
  const side = new DatabaseSync(join(directory, 'store.db'))
  const { log } = must(await openReadableStore(directory))
  const emptySeq = Number(side.prepare('SELECT max(seq) AS seq FROM events').get()?.['seq'])
  const wipe = [...PROJECTION_TABLES, 'checkpoints'].map((table) => `DELETE FROM ${table};`)
  const eraser = await (slots.at(-1) ?? first).store.eraser()
  return {
    slots,
    log,
    eraser,
    side,
    emptySeq,
    reset: (world) => {
      clock = world.clock
      isAlive = world.isAlive
      side.exec(`BEGIN IMMEDIATE; DELETE FROM events WHERE seq > ${emptySeq}; ${wipe.join(' ')} COMMIT`)
    },
    close: () => {
      for (const { store } of slots) store.close()
      side.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }

  async function openSlot(): Promise<Slot> {
    const slot = { owner: 'nobody' }
    const liveness: Liveness = {
      get owner() {
        return slot.owner
      },
      isAlive: (owner) => isAlive(owner),
    }
    const parts = { directory, clock: told, liveness, key: plainKey, marks: noMarks, actor: 'system:simulation' }
    return Object.assign(slot, { store: must(await openStore(parts)) })
  }
}

/** What is signed and how is proven elsewhere; here every seal costs nothing. */
const plainKey: SigningKey = {
  signer: async () => ok({ keyName: 'simulation', keyHash: '00000000', sign: () => new Uint8Array(64) }),
  verifier: async () => ok(undefined),
  verifierFrom: async (path) => err({ code: 'key_unusable', path, reason: 'there is none' }),
  verifierOf: async () => undefined,
}

const noMarks: Marks = { highest: () => ok(undefined), others: () => ok([]), raise: () => ok(), forget: () => ok() }

function fastestFolder(): string {
  return statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() === true ? '/dev/shm' : tmpdir()
}

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
