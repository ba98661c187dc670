import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import type { Paths } from 'env-paths'
import { describe, expect, test } from 'vitest'
import { directories } from '#adapters/files/directories.ts'
import { currentDirectory, environment, usualPaths } from '#adapters/files/environment.ts'

const LINUX: Paths = {
  data: '/home/ada/.local/share/orchastration',
  config: '/home/ada/.config/orchastration',
  cache: '/home/ada/.cache/orchastration',
  log: '/home/ada/.local/state/orchastration',
  temp: '/tmp/ada/orchastration',
}
const WINDOWS: Paths = {
  data: 'C:\\Users\\ada\\AppData\\Local\\orchastration\\Data',
  config: 'C:\\Users\\ada\\AppData\\Roaming\\orchastration\\Config',
  cache: 'C:\\Users\\ada\\AppData\\Local\\orchastration\\Cache',
  log: 'C:\\Users\\ada\\AppData\\Local\\orchastration\\Log',
  temp: 'C:\\Users\\ada\\AppData\\Local\\Temp\\orchastration',
}
const MACOS: Paths = {
  data: '/Users/ada/Library/Application Support/orchastration',
  config: '/Users/ada/Library/Preferences/orchastration',
  cache: '/Users/ada/Library/Caches/orchastration',
  log: '/Users/ada/Library/Logs/orchastration',
  temp: '/var/folders/x/T/orchastration',
}

describe('the directories', () => {
  test('on Linux follow the XDG base directories', () => {
    expect(directories({ environment: {}, platform: 'linux', usual: LINUX })).toEqual({
      ok: true,
      value: {
        configFile: '/home/ada/.config/orchastration/config.toml',
        records: '/home/ada/.cache/orchastration/state',
        logFile: '/home/ada/.cache/orchastration/orchastration.log',
        cache: '/home/ada/.cache/orchastration',
        store: '/home/ada/.local/state/orchastration',
        keys: '/home/ada/.local/share/orchastration',
      },
    })
  })

  test('on Windows lie in the roaming and the local application data', () => {
    expect(directories({ environment: {}, platform: 'win32', usual: WINDOWS })).toEqual({
      ok: true,
      value: {
        configFile: 'C:\\Users\\ada\\AppData\\Roaming\\orchastration\\config.toml',
        records: 'C:\\Users\\ada\\AppData\\Local\\orchastration\\state',
        logFile: 'C:\\Users\\ada\\AppData\\Local\\orchastration\\orchastration.log',
        cache: 'C:\\Users\\ada\\AppData\\Local\\orchastration',
        store: 'C:\\Users\\ada\\AppData\\Local\\orchastration\\store',
        keys: 'C:\\Users\\ada\\AppData\\Local\\orchastration\\keys',
      },
    })
  })

  test('on macOS lie in Application Support and Caches', () => {
    expect(directories({ environment: {}, platform: 'darwin', usual: MACOS })).toEqual({
      ok: true,
      value: {
        configFile: '/Users/ada/Library/Application Support/orchastration/config.toml',
        records: '/Users/ada/Library/Caches/orchastration/state',
        logFile: '/Users/ada/Library/Caches/orchastration/orchastration.log',
        cache: '/Users/ada/Library/Caches/orchastration',
        store: '/Users/ada/Library/Application Support/orchastration/store',
        keys: '/Users/ada/Library/Application Support/orchastration/keys',
      },
    })
  })

  test('let a state directory move the records and the store, and nothing else', () => {
    expect(directories({ environment: {}, platform: 'linux', usual: LINUX, stateDir: '/srv/ci' })).toEqual({
      ok: true,
      value: {
        configFile: '/home/ada/.config/orchastration/config.toml',
        records: '/srv/ci',
        logFile: '/home/ada/.cache/orchastration/orchastration.log',
        cache: '/home/ada/.cache/orchastration',
        store: '/srv/ci/store',
        keys: '/home/ada/.local/share/orchastration',
      },
    })
  })

  test.each(['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME'])(
    'refuse a relative %s',
    (setting) => {
      const given = { environment: { [setting]: 'here/there' }, platform: 'linux', usual: LINUX } as const
      expect(directories(given)).toEqual({
        ok: false,
        error: { code: 'directory_invalid', setting, value: 'here/there' },
      })
    },
  )

  test.each(['APPDATA', 'LOCALAPPDATA'])('refuse a relative %s', (setting) => {
    const given = { environment: { [setting]: 'C:here' }, platform: 'win32', usual: WINDOWS } as const
    expect(directories(given)).toEqual({ ok: false, error: { code: 'directory_invalid', setting, value: 'C:here' } })
  })

  test('take an empty variable for one that is not set', () => {
    expect(directories({ environment: { XDG_CACHE_HOME: '' }, platform: 'linux', usual: LINUX })).toMatchObject({
      ok: true,
    })
  })

  test('refuse a home directory that is not absolute', () => {
    const usual = { ...LINUX, data: 'ada/.local/share/orchastration' }
    const given = { environment: { HOME: 'ada' }, platform: 'linux', usual } as const
    expect(directories(given)).toEqual({
      ok: false,
      error: { code: 'directory_invalid', setting: 'HOME', value: 'ada' },
    })
  })

  test.runIf(process.platform === 'linux')('really come from the environment, by env-paths', () => {
    const script = `
      import { directories } from '#adapters/files/directories.ts'
      import { environment, usualPaths } from '#adapters/files/environment.ts'
      const usual = await usualPaths()
      if (!usual.ok) throw new Error(usual.error.code)
      console.log(JSON.stringify(directories({ environment: environment(), platform: process.platform, usual: usual.value })))`
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/home/grace',
      XDG_STATE_HOME: '/var/lib/grace',
      XDG_DATA_HOME: '',
    }
    const child = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })
    expect(child.stderr).toBe('')
    expect(JSON.parse(child.stdout)).toEqual({
      ok: true,
      value: {
        configFile: '/home/grace/.config/orchastration/config.toml',
        records: '/home/grace/.cache/orchastration/state',
        logFile: '/home/grace/.cache/orchastration/orchastration.log',
        cache: '/home/grace/.cache/orchastration',
        store: '/var/lib/grace/orchastration',
        keys: '/home/grace/.local/share/orchastration',
      },
    })
  })
})

describe('the environment', () => {
  test('is a copy of the variables', () => {
    const before = environment()
    process.env['ORCHASTRATION_TEST_ONLY'] = '1'
    expect(before['ORCHASTRATION_TEST_ONLY']).toBe(undefined)
    expect(environment()['ORCHASTRATION_TEST_ONLY']).toBe('1')
    delete process.env['ORCHASTRATION_TEST_ONLY']
  })

  test('knows the current directory and the usual paths', async () => {
    expect(currentDirectory()).toEqual({ ok: true, value: process.cwd() })
    const usual = await usualPaths()
    if (process.platform === 'linux')
      expect(usual).toMatchObject({ ok: true, value: { temp: expect.stringContaining('orchastration') } })
    expect(homedir()).not.toBe('')
  })
})
