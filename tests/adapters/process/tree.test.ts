import { expect, test } from 'vitest'
import { linux } from '#adapters/process/linux.ts'
import type { Platform, ProcessEntry } from '#adapters/process/platform.ts'
import { watchTree } from '#adapters/process/tree.ts'

const OWN = 50

const entry = (pid: number, change: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  parent: 1,
  group: 0,
  session: 0,
  started: pid,
  stopped: false,
  marked: false,
  program: '',
  command: () => '',
  ...change,
})

/** The members found in each list in turn. */
const watch = async (lists: ProcessEntry[][], leader?: { pid: number; started: number }, startTolerance = 0) => {
  const rest = [...lists]
  const platform: Platform = { ...linux, startTolerance, list: async () => rest.shift() ?? [] }
  const living = watchTree({ platform, ownPid: OWN }, { step: 'x/1', leader })
  const found: unknown[] = []
  for (const _ of lists) {
    const { members, groups } = await living()
    found.push({ pids: members.map(({ pid }) => pid).sort((left, right) => left - right), groups })
  }
  return found
}

test('descendants are found in whatever order they are listed', async () => {
  const list = [entry(103, { parent: 102 }), entry(102, { parent: 101 }), entry(101, { parent: 100 }), entry(100)]
  expect(await watch([list], { pid: 100, started: 100 })).toEqual([{ pids: [100, 101, 102, 103], groups: [] }])
})

test('a parent that is younger than its child is another process with the same pid', async () => {
  const list = [entry(100, { started: 100 }), entry(30, { parent: 100, started: 30 })]
  expect(await watch([list], { pid: 100, started: 100 })).toEqual([{ pids: [100], groups: [] }])
})

test('start times may differ by the tolerance of the platform', async () => {
  const list = [entry(100, { started: 4000 })]
  expect(await watch([list], { pid: 100, started: 5900 }, 2000)).toEqual([{ pids: [100], groups: [] }])
  expect(await watch([list], { pid: 100, started: 6100 }, 2000)).toEqual([{ pids: [], groups: [] }])
})

test('our own session and group make nobody a member, nor does descent from us', async () => {
  const ours = { session: 100, group: 100 }
  const list = [
    entry(100, ours),
    entry(OWN, { ...ours, parent: 100, marked: true }),
    entry(60, { ...ours, parent: OWN }),
  ]
  expect(await watch([list], { pid: 100, started: 100 })).toEqual([{ pids: [100], groups: [] }])
})

test('the first process is no member even with the mark', async () => {
  expect(await watch([[entry(1, { marked: true }), entry(70)]])).toEqual([{ pids: [], groups: [] }])
})

test('members seen once are known when their parent and leader are gone', async () => {
  const family = { session: 100, group: 100 }
  const before = [entry(100, family), entry(101, { ...family, parent: 100 })]
  const after = [entry(101, family), entry(102, family)]
  expect(await watch([before, after], { pid: 100, started: 100 })).toEqual([
    { pids: [100, 101], groups: [100] },
    { pids: [101, 102], groups: [100] },
  ])
})

test('a session whose number is that of a leader who is gone is not ours without a member in it', async () => {
  const list = [entry(101, { session: 100, group: 100 })]
  expect(await watch([list], { pid: 100, started: 100 })).toEqual([{ pids: [], groups: [] }])
})

test('whoever is in a session of the tree belongs to it although all that were seen there are gone', async () => {
  const family = { session: 100, group: 100 }
  const lists = [[entry(100, family)], [entry(101, family)], [], [entry(102, family)]]
  expect(await watch(lists, { pid: 100, started: 100 })).toEqual([
    { pids: [100], groups: [100] },
    { pids: [101], groups: [100] },
    { pids: [], groups: [] },
    { pids: [], groups: [] },
  ])
})

test('a session that a stranger leads by now is no session of the tree', async () => {
  const family = { session: 100, group: 100 }
  const lists = [[entry(100, family)], [entry(100, { ...family, started: 900 }), entry(901, family)]]
  expect(await watch(lists, { pid: 100, started: 100 })).toEqual([
    { pids: [100], groups: [100] },
    { pids: [], groups: [] },
  ])
})
