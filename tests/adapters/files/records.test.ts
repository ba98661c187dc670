import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { artifactPath } from '#adapters/files/outputs.ts'
import { recordFiles } from '#adapters/files/records.ts'
import type { JobEndRecord } from '#app/records-port.ts'
import { sha256 } from '#base/digest.ts'
import type { RunId } from '#domain/run/run.ts'

const root = mkdtempSync(join(tmpdir(), 'orchastration-records-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const directory = join(root, 'state')
const store = join(root, 'store')
const records = recordFiles({ directory, store, platform: 'linux', version: '1' })
const folder = join(directory, 'runs/hello')

/** The end of a job that wrote this text, all in the same second. */
function end(text: string): JobEndRecord {
  const digest = sha256(text)
  if (text !== '') {
    mkdirSync(dirname(artifactPath(store, digest)), { recursive: true })
    writeFileSync(artifactPath(store, digest), text)
  }
  return {
    job: 'hello',
    runId: '01k9aaaaaaaaaaaaaaaaaaaaaa' as RunId,
    report: {
      argv: ['echo'],
      directory: '/',
      started_at: 0,
      ended_at: 1,
      exit: 0,
      signal: null,
      stdout: { digest, bytes: text.length },
      stderr: { digest: sha256(''), bytes: 0 },
      environment: { salt: '', digest: '', variables: 0 },
    },
    exit: 0,
    isNew: true,
    isLast: true,
  }
}

test('a record and last.json are one file with two names, and no draft is left', async () => {
  expect((await records.write(end('text'))).ok).toBe(true)
  expect(readdirSync(folder).sort()).toEqual([
    '19700101T000000Z.json',
    '19700101T000000Z.stderr.log',
    '19700101T000000Z.stdout.log',
    'last.json',
  ])
  expect(statSync(join(folder, 'last.json')).ino).toBe(statSync(join(folder, '19700101T000000Z.json')).ino)
})

test('an empty log in the place of an older one leaves the output alone that this one is a name of', async () => {
  rmSync(join(folder, '19700101T000000Z.json'))
  expect((await records.write(end(''))).ok).toBe(true)
  expect(readFileSync(join(folder, '19700101T000000Z.stdout.log'), 'utf8')).toBe('')
  expect(readFileSync(artifactPath(store, sha256('text')), 'utf8')).toBe('text')
})
