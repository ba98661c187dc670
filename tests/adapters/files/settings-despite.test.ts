import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { settingsDespite } from '#adapters/files/settings-despite.ts'

const directory = mkdtempSync(join(tmpdir(), 'settings-'))
const path = join(directory, 'config.toml')
afterAll(() => rmSync(directory, { recursive: true }))

function settingsOf(text: string) {
  writeFileSync(path, text)
  return settingsDespite(path)
}

describe('an invalid configuration', () => {
  test('still says where the store lies', () => {
    expect(settingsOf('[state]\ndir = "here"\n[jobs.a]\ncomand = ["x"]\n')).toEqual({
      path,
      config: { state: { dir: 'here' } },
    })
  })

  test('says so also where it is no TOML', () => {
    const text = '[jobs.a]\ncommand = ["x\n\n[ state ] # of this machine\n# there\ndir = "here"\n\n[jobs.b\n'
    expect(settingsOf(text)?.config).toEqual({ state: { dir: 'here' } })
  })

  test('says nothing where that is what is wrong, or where it has no such table', () => {
    for (const text of ['[state]\ndir = 1', '[state]\ndir = ""', '[state]\ndir = "', '[jobs', ''])
      expect(settingsOf(text)).toEqual({ path, config: {} })
  })

  test('is not asked a second time where it is no file', () => {
    expect(settingsDespite(directory)).toBe(undefined)
    expect(settingsDespite(join(directory, 'none'))).toBe(undefined)
  })
})
