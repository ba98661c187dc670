import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { isOwnerAlive, openLiveness } from '#adapters/sqlite/liveness.ts'
import { must } from '../../app/proof-store.ts'

const directory = mkdtempSync(join(tmpdir(), 'owners-'))
const owners = join(directory, 'owners')
afterAll(() => rmSync(directory, { recursive: true }))

const OURS = '01k9aaaaaaaaaaaaaaaaaaaaaa'
const THEIRS = '01k9bbbbbbbbbbbbbbbbbbbbbb'

describe('an owner', () => {
  test('lives until it ends', () => {
    const ours = must(openLiveness(owners, OURS))
    const theirs = must(openLiveness(owners, THEIRS))
    expect([ours.isAlive(OURS), ours.isAlive(THEIRS), isOwnerAlive(owners, THEIRS)]).toEqual([true, true, true])
    theirs.end()
    expect([ours.isAlive(THEIRS), isOwnerAlive(owners, THEIRS)]).toEqual([false, false])
    ours.end()
  })

  test('whose name is none is dead, and no file is touched for it', () => {
    const ours = must(openLiveness(owners, OURS))
    mkdirSync(join(owners, 'sub'), { recursive: true })
    const names = ['../precious', 'sub', '', '.', 'A'.repeat(26), `${THEIRS}/../../precious`]
    writeFileSync(join(directory, 'precious'), 'keep')
    for (const name of names) expect([ours.isAlive(name), isOwnerAlive(owners, name)]).toEqual([false, false])
    expect([existsSync(join(directory, 'precious')), existsSync(join(owners, 'sub'))]).toEqual([true, true])
    ours.end()
  })

  test('that ends while somebody asks is dead or alive, and no failure', async () => {
    const script = fileURLToPath(new URL('../../fixtures/sqlite/coming-and-going.ts', import.meta.url))
    // No process has the name of another one: before one comes back here, many others came and went.
    const names = Array.from({ length: 40 }, (_, number) => `${THEIRS.slice(0, 24)}${10 + number}`)
    const child = Bun.spawn([process.execPath, script, owners, ...names], { stdio: ['ignore', 'ignore', 'ignore'] })
    try {
      const seen = new Set<boolean>()
      for (let asked = 0; asked < 60_000 || seen.size < 2; asked++) {
        seen.add(isOwnerAlive(owners, names[asked % names.length] ?? ''))
        if (asked % 1000 === 0) await Bun.sleep(0)
      }
      expect([...seen].sort()).toEqual([false, true])
    } finally {
      child.kill('SIGKILL')
      await child.exited
    }
  }, 60_000)
})
