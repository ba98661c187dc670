import { expect, test } from 'vitest'
import { planHash } from '#app/hash-plan.ts'
import type { HashPort } from '#app/hash-port.ts'

/** Where a directory is whatever has files below it. */
function portOf(root: string, files: readonly string[]): HashPort {
  return {
    exact: (words) => words,
    at: (name) => (name === '.' ? root : root + name.replace(/[/\\]$/, '')),
    look: (path) => (files.includes(path) ? { kind: 'file', bytes: 5 } : { kind: 'directory' }),
    walk: async (directory) => ({
      files: files.filter((file) => file.startsWith(directory)),
      failures: [],
      notEntered: [],
    }),
    real: (path) => path,
    readManifest: async () => ({ ok: true, value: new Uint8Array() }),
    hash: async () => undefined,
  }
}

const options = { stop: new AbortController().signal, leaveOut: undefined, found: () => undefined }

async function namesOf(port: HashPort, ...names: string[]): Promise<readonly string[]> {
  return (await planHash(names, port, options)).targets.map(({ name }) => name)
}

test('files of a directory are named below the name that it was given', async () => {
  const port = portOf('/home/ada/', ['/home/ada/d/a', '/home/ada/d/e/b', '/home/ada/d/\\c'])
  expect(await namesOf(port, 'd')).toEqual(['d/a', 'd/e/b', 'd/\\c'])
  expect(await namesOf(port, 'd/')).toEqual(['d/a', 'd/e/b', 'd/\\c'])
  expect(await namesOf(port, 'd/a')).toEqual(['d/a'])
})

test('so are those of the root', async () => {
  const port = { ...portOf('/', ['/a', '/b/c']), at: () => '/' }
  expect(await namesOf(port, '/')).toEqual(['/a', '/b/c'])
})

test('on Windows they are named with slashes, as other systems read them', async () => {
  const port = portOf('C:\\Users\\ada\\', ['C:\\Users\\ada\\d\\a', 'C:\\Users\\ada\\d\\e\\b'])
  expect(await namesOf(port, 'd')).toEqual(['d/a', 'd/e/b'])
  expect(await namesOf(port, 'd\\')).toEqual(['d/a', 'd/e/b'])
})

test('how many bytes there are is known of files, and not where a directory is among them', async () => {
  const port = portOf('/', ['/a', '/b', '/d/c'])
  expect((await planHash(['a', 'b'], port, options)).bytes).toBe(10)
  expect((await planHash(['a', 'd'], port, options)).bytes).toBeUndefined()
})

test('an empty name is a file that is not there, not the current directory', async () => {
  const { targets, failures } = await planHash([''], portOf('/', ['/a']), options)
  expect([targets, failures]).toEqual([[], [{ code: 'file_missing', path: '' }]])
})
