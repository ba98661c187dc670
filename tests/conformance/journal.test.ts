import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '#adapters/sqlite/store.ts'
import { err, ok } from '#base/result.ts'
import { MemoryLog, memoryJournal } from '../support/sim-journal.ts'
import { describeJournal, type JournalPair } from './journal.ts'

const OWNERS = { ours: 'ours', theirs: 'theirs' }

describeJournal('two handles on one SQLite file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'))
  const told = life()
  const open = async (owner: string) => {
    const opened = await openStore({
      directory,
      clock: told.clock,
      liveness: { owner, isAlive: told.isAlive },
      key: {
        signer: async () => ok({ keyName: 'test', keyHash: '00000000', sign: () => new Uint8Array(64) }),
        verifier: async () => ok(undefined),
        verifierFrom: async (path) => err({ code: 'key_unusable', path, reason: 'there is none' }),
        verifierOf: async () => undefined,
      },
      marks: { highest: () => ok(undefined), others: () => ok([]), raise: () => ok(), forget: () => ok() },
      actor: 'system:test',
    })
    if (!opened.ok) throw new Error(JSON.stringify(opened.error))
    return opened.value
  }
  const stores = [await open(OWNERS.ours), await open(OWNERS.theirs)] as const
  const close = () => {
    for (const store of stores) store.close()
    rmSync(directory, { recursive: true, force: true })
  }
  return { ours: stores[0].journal, theirs: stores[1].journal, owners: OWNERS, kill: told.kill, tell: told.tell, close }
})

describeJournal('memory, as other tests use it', async (): Promise<JournalPair> => {
  const told = life()
  const log = new MemoryLog(told.clock)
  const of = (owner: string) => memoryJournal(log, { owner, isAlive: told.isAlive })
  const close = () => undefined
  return { ours: of(OWNERS.ours), theirs: of(OWNERS.theirs), owners: OWNERS, kill: told.kill, tell: told.tell, close }
})

/** A clock and a life that do what they are told. */
function life() {
  const dead = new Set<string>()
  let now = 0
  return {
    clock: { now: () => now },
    isAlive: (owner: string) => !dead.has(owner),
    kill: (owner: string) => void dead.add(owner),
    tell: (time: number) => {
      now = time
    },
  }
}
