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

test('what one run does with a task within a second has a record each, beside a job of that name', async () => {
  const runId = '01k9aaaaaaaaaaaaaaaaaaaaaa' as RunId
  const acted = (number: number, message: string, isNew = true) =>
    records.writeTaskRun({
      runId,
      number,
      isNew,
      startedAt: 0,
      record: {
        task_name: 'hello',
        action: 'build.run',
        start_time: '1970-01-01T00:00:00Z',
        end_time: '1970-01-01T00:00:00Z',
        duration_ms: 1,
        status: 'done',
        exit_code: 0,
        message,
      },
    })
  rmSync(folder, { recursive: true })
  await records.write(end('text'))
  for (const [number, message] of ['one', 'two'].entries()) await acted(number, message)
  // Whoever makes up for a dead process writes none of them again.
  for (const [number, message] of ['one', 'two'].entries()) await acted(number, message, false)
  const messages = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'last.json')
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))['message'] ?? 'a job'])
  expect(messages).toEqual([
    [`19700101T000000Z-${runId}-1.json`, 'two'],
    [`19700101T000000Z-${runId}.json`, 'one'],
    ['19700101T000000Z.json', 'a job'],
  ])
  await records.clear()
  expect(readdirSync(folder)).toEqual([])
})

test('where a task stands is replaced as a whole', async () => {
  const about = { repo: 'external', description: null, outputs: null, documents: null } as const
  const stands = { name: 'hello', ...about, last_run: '1970-01-01T00:00:00Z' }
  await records.writeTask({ ...stands, status: 'in_progress' })
  await records.writeTask({ ...stands, status: 'done' })
  expect(readdirSync(join(directory, 'tasks'))).toEqual(['hello.json'])
  expect(JSON.parse(readFileSync(join(directory, 'tasks/hello.json'), 'utf8'))).toMatchObject({ status: 'done' })
})
