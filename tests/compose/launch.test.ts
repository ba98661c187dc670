import { join } from 'node:path'
import { expect, test } from 'vitest'
import { launch } from '#compose/launch.ts'

test('a process that cannot be started is a failure, also where the system says so only later', async () => {
  const launched = await launch(['--version'], join(import.meta.dirname, 'nowhere'))
  expect(launched).toMatchObject({ ok: false, error: { code: 'spawn_failed', program: process.execPath } })
})
