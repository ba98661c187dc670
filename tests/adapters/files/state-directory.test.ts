import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chosenStateDirectory, type StateDirectorySources } from '#adapters/files/state-directory.ts'

const ALL: StateDirectorySources = {
  flag: 'flag',
  environment: { ORCHASTRATION_STATE_DIR: 'variable' },
  loaded: { path: '/etc/ci/config.toml', config: { state: { dir: 'configured' } } },
  currentDirectory: '/somewhere',
}

describe('the state directory', () => {
  test('is the one of --state-dir first, seen from the current directory', () => {
    expect(chosenStateDirectory(ALL)).toEqual({ ok: true, value: resolve('/somewhere/flag') })
  })

  test('is then the one of ORCHASTRATION_STATE_DIR, seen from the current directory', () => {
    expect(chosenStateDirectory({ ...ALL, flag: undefined })).toEqual({
      ok: true,
      value: resolve('/somewhere/variable'),
    })
  })

  test('is then the configured one, seen from the configuration file', () => {
    expect(chosenStateDirectory({ ...ALL, flag: undefined, environment: {} })).toEqual({
      ok: true,
      value: resolve('/etc/ci/configured'),
    })
  })

  test('may be absolute wherever it is named', () => {
    const loaded = { path: '/etc/ci/config.toml', config: { state: { dir: '/c' } } }
    expect(chosenStateDirectory({ ...ALL, flag: '/a' })).toEqual({ ok: true, value: resolve('/a') })
    expect(chosenStateDirectory({ ...ALL, flag: undefined, environment: { ORCHASTRATION_STATE_DIR: '/b' } })).toEqual({
      ok: true,
      value: resolve('/b'),
    })
    expect(chosenStateDirectory({ ...ALL, flag: undefined, environment: {}, loaded })).toEqual({
      ok: true,
      value: resolve('/c'),
    })
  })

  test('is not chosen where nobody names one, or the variable is empty', () => {
    const loaded = { path: '/etc/ci/config.toml', config: {} }
    const environment = { ORCHASTRATION_STATE_DIR: '' }
    expect(chosenStateDirectory({ flag: undefined, environment, loaded, currentDirectory: '/somewhere' })).toEqual({
      ok: true,
      value: undefined,
    })
  })

  test('is not the current directory where --state-dir is empty', () => {
    const expected = { code: 'directory_invalid', setting: '--state-dir', value: '' }
    expect(chosenStateDirectory({ ...ALL, flag: '' })).toEqual({ ok: false, error: expected })
  })
})
