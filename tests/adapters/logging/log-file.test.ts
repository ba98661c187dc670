import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { logFile } from '#adapters/logging/log-file.ts'
import { until } from '../../support/given-place.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-'))
  path = join(directory, 'deep', 'own.log')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const settings = async () => ({ level: 'info', maxBytes: 1e6, kept: 3, out: undefined }) as const

const messages = () =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).msg)
    : []

describe('the log file', () => {
  test('is not made by those who write nothing', async () => {
    await logFile(path, settings).flush()
    expect(existsSync(path)).toBe(false)
  })

  test('is written in order, at once from the moment that it is ready', async () => {
    const log = logFile(path, settings)
    log.write({ level: 'info', message: 'a' })
    log.warm()
    log.write({ level: 'info', message: 'b' })
    await until(() => messages().length === 2, 'what waited is written')
    log.write({ level: 'error', message: 'c' })
    expect(messages()).toEqual(['a', 'b', 'c'])
  })

  test('is opened before too many lines wait', async () => {
    const log = logFile(path, settings)
    for (let line = 0; line < 1500; line++) log.write({ level: 'info', message: String(line) })
    await until(() => messages().length === 1500, 'all lines are written')
    expect(messages().at(-1)).toBe('1499')
  })

  test('stops nobody where it cannot be written', async () => {
    const log = logFile('/proc/nowhere/own.log', settings)
    log.write({ level: 'info', message: 'a' })
    await log.flush()
    log.write({ level: 'info', message: 'b' })
    await log.flush()
  })
})
