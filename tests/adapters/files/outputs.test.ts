import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { artifactFault, artifactPath, outputFiles } from '#adapters/files/outputs.ts'
import { sha256 } from '#base/digest.ts'

const KEY = { key: 'run/1', start: '1.1.1' }
const MEBIBYTE = 1024 * 1024

let store = ''
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'outputs-'))
})
afterEach(() => rmSync(store, { recursive: true, force: true }))

function opened() {
  const files = outputFiles(store).open(KEY)
  if (!files.ok) throw new Error(files.error.code)
  for (const path of [files.value.stdoutPath, files.value.stderrPath]) appendFileSync(path, '')
  return files.value
}

describe('sealed output', () => {
  test.each([
    { size: 'a small one', bytes: 3, hasWriters: false },
    { size: 'a large one of a job that left something behind', bytes: 3 * MEBIBYTE, hasWriters: true },
  ])('is not changed by who still has the file open: $size', async ({ bytes, hasWriters }) => {
    const files = opened()
    const text = 'x'.repeat(bytes)
    const background = openSync(files.stdoutPath, 'a')
    writeSync(background, text)
    const outputs = outputFiles(store)
    const sealed = await outputs.seal(files, { hasWriters })
    writeSync(background, 'late')
    closeSync(background)
    expect(sealed).toMatchObject({ ok: true, value: { stdout: { digest: sha256(text), bytes } } })
    expect(readFileSync(artifactPath(store, sha256(text)), 'utf8') === text).toBe(true)
    outputs.letGo('run')
    expect(readdirSync(join(store, 'running'))).toEqual([])
  })

  test('is what there is already where there is no room for a copy', async () => {
    const files = opened()
    appendFileSync(files.stdoutPath, 'text')
    symlinkSync(join(store, 'nowhere', 'copy'), `${files.stdoutPath}.copy`)
    const sealed = await outputFiles(store).seal(files, { hasWriters: false })
    expect(sealed).toMatchObject({ ok: true, value: { stdout: { digest: sha256('text'), bytes: 4 } } })
    expect(readFileSync(artifactPath(store, sha256('text')), 'utf8')).toBe('text')
  })

  test('of many bytes lets others have their turn while it is sealed, and while it is checked', async () => {
    const files = opened()
    for (let part = 0; part < 64; part++) appendFileSync(files.stdoutPath, Buffer.alloc(MEBIBYTE, part))
    const [sealing, sealed] = await turnsDuring(() => outputFiles(store).seal(files, { hasWriters: true }))
    const digest = sealed.ok ? sealed.value.stdout.digest : ''
    const [checking, fault] = await turnsDuring(() => artifactFault(store, digest))
    expect({ fault, sealing: sealing > 0, checking: checking > 0 }).toEqual({ sealing: true, checking: true })
  })
})

/** How often a timer got its turn while something was done. */
async function turnsDuring<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  const result = await work()
  clearInterval(timer)
  return [turns, result]
}
