import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signingKey } from '#adapters/keys/signing-key.ts'

let directory = ''
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'keys-')), 'keys')
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

test('a first key is made beside the draft of a process that had our number and died', async () => {
  mkdirSync(directory)
  writeFileSync(join(directory, `signing-key.pem.${process.pid}`), '')
  expect(await signingKey(directory).signer()).toMatchObject({ ok: true })
})

test('first keys that are made at once become one, and leave nothing else', async () => {
  const signers = await Promise.all(Array.from({ length: 8 }, async () => await signingKey(directory).signer()))
  const hashes = new Set(signers.map((signer) => (signer.ok ? signer.value.keyHash : signer.error.code)))
  expect({ keys: hashes.size, names: readdirSync(directory).sort() }).toEqual({
    keys: 1,
    names: ['signing-key.pem', 'signing-key.pub'],
  })
})
