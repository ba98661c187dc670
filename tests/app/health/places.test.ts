import { describe, expect, test } from 'vitest'
import { checkPlaces } from '#app/health/places.ts'
import type { Health, PathFacts, Volume } from '#app/health-port.ts'
import type { Services } from '#app/services.ts'

const DIRECTORY: PathFacts = { kind: 'directory', reason: '', isOwn: true, mode: 0o700, isWritable: true }
const FILE: PathFacts = { ...DIRECTORY, kind: 'file', mode: 0o600 }
const DISK: Volume = { freeBytes: 1e12, kind: 'disk' }

/** What is said of a machine that is in order but for the store. */
function saidOf(store: { facts?: Partial<PathFacts>; volume?: Partial<Volume> }): readonly string[] {
  const directories = { store: '/s', keys: '/k', records: '/c/state', logFile: '/c/own.log' }
  const health = {
    path: (path: string) =>
      path === '/s' ? { ...DIRECTORY, ...store.facts } : path.endsWith('.log') ? FILE : DIRECTORY,
    volume: (path: string) => (path === '/s' ? { ...DISK, ...store.volume } : DISK),
  }
  // The checks ask for nothing else of either.
  const findings = checkPlaces({ directories } as Services, health as unknown as Health)
  expect(findings.filter(({ where }) => where !== '/s').every(({ state }) => state === 'ok')).toBe(true)
  return findings.filter(({ where }) => where === '/s').map(({ state, what }) => `${state}: ${what}`)
}

describe('the directories', () => {
  test.each([
    [{}, ['ok: yours and writable, 1,000,000 MB free']],
    [{ facts: { kind: 'missing' } }, ['ok: not made yet, 1,000,000 MB free']],
    [{ facts: { kind: 'missing', isWritable: false } }, ['problem: it is not there and cannot be made']],
    [{ facts: { kind: 'unreachable', reason: 'EACCES' } }, ['problem: it cannot be reached: permission denied']],
    [{ facts: { kind: 'file' } }, ['problem: it is no directory']],
    [
      { facts: { isOwn: false, isWritable: false } },
      ['problem: it belongs to another user', 'problem: it cannot be written'],
    ],
    [{ facts: { mode: 0o770 } }, ['problem: others may write to it']],
    [{ facts: { mode: 0o755 } }, ['note: others may look into it']],
    [{ facts: { mode: null } }, ['ok: yours and writable, 1,000,000 MB free']],
    [{ volume: { freeBytes: 9e6 } }, ['problem: only 9 MB are free']],
    [{ volume: { freeBytes: 3e8 } }, ['note: only 300 MB are free']],
    [
      { volume: { kind: 'network' } },
      ['problem: it lies on a network file system, where the locks and the shared memory of a store do not work'],
    ],
    [{ volume: { kind: 'memory' } }, ['note: it lies in memory: it is gone when the machine starts again']],
  ] as const)('with a store of %j', (store, said) => {
    expect(saidOf(store)).toEqual(said)
  })
})
