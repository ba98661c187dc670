import { existsSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LeftoverMark } from '#activities/process-port.ts'
import {
  endForgotten,
  lives,
  livingIn,
  notOnLinux,
  onWindows,
  port,
  type Sandbox,
  sandbox,
  stateOf,
  until,
} from './sandbox.ts'

let box: Sandbox
let mark: LeftoverMark
let strangers: Bun.Subprocess[]

beforeEach(() => {
  box = sandbox()
  mark = { step: box.step, notePath: box.path('note') }
  strangers = []
})

afterEach(async () => {
  for (const stranger of strangers) process.kill(-stranger.pid, 'SIGKILL')
  await Promise.all(strangers.map((stranger) => stranger.exited))
  // Whoever was killed with its group may need a moment until it is gone.
  if (strangers.length > 0) await until(() => livingIn(box).length === 0, 'strangers are gone').catch(() => undefined)
  const forgotten = endForgotten(box)
  box.remove()
  expect(forgotten).toBe(0)
})

/** A process that we did not start through the port. */
const stranger = (argv: string[], env: Record<string, string> = {}) => {
  const started = Bun.spawn(argv, {
    detached: true,
    cwd: box.directory,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  strangers.push(started)
  return started
}

/** Starts a child through another process, kills that, and says which pids are left. */
const orphaned = async (script: string) => {
  const spec = JSON.stringify(box.spec(`echo $$ > child; ${script}`))
  const fixture = new URL('../../fixtures/process/owner.ts', import.meta.url).pathname
  const owner = Bun.spawn([process.execPath, fixture, spec], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const pids = [await box.pid('child'), await box.pid('inner')]
  // The child may be faster than its owner's note.
  await until(() => box.read('note').endsWith('}'), 'the note is written')
  owner.kill('SIGKILL')
  await owner.exited
  return pids.sort()
}

const found = async () => (await port.findLeftovers(mark)).map(({ pid }) => pid).sort()

const noteOf = (pid: number, change: object = {}) => {
  const stat = Bun.spawnSync(['cat', `/proc/${pid}/stat`]).stdout.toString()
  const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  const boot = Bun.spawnSync(['cat', '/proc/sys/kernel/random/boot_id']).stdout.toString().trim()
  writeFileSync(mark.notePath, JSON.stringify({ pid, started, boot, argv0: 'sleep', ...change }))
  return started
}

describe.skipIf(onWindows)('after its owner was killed, a tree', () => {
  const tree = "sh -c 'echo $$ > inner; exec sleep 1000' & wait"

  test('is found and ended by its note', async () => {
    const pids = await orphaned(tree)
    expect(existsSync(mark.notePath)).toBe(true)
    expect(await port.findLeftovers(mark)).toContainEqual({ pid: await box.pid('inner'), command: 'sleep 1000' })
    expect(await found()).toEqual(pids)
    await port.endLeftovers(mark)
    expect(pids.map(lives)).toEqual([false, false])
    expect(await found()).toEqual([])
    expect(existsSync(mark.notePath)).toBe(false)
  })

  test.skipIf(notOnLinux)('is found by its note alone if nobody carries the mark', async () => {
    const pids = await orphaned(tree)
    mark = { ...mark, step: 'another step' }
    expect(await found()).toEqual(pids)
    await port.endLeftovers(mark)
    expect(pids.map(lives)).toEqual([false, false])
  })

  test.skipIf(notOnLinux).each(['', '{"pid":', '{"pid":1}', 'no note'])(
    'is found by its mark if the note is: %s',
    async (note) => {
      const pids = await orphaned(tree)
      if (note === 'no note') mark = { ...mark, notePath: box.path('elsewhere') }
      else writeFileSync(mark.notePath, note)
      expect(await found()).toEqual(pids)
      await port.endLeftovers(mark)
      expect(pids.map(lives)).toEqual([false, false])
    },
  )

  test.skipIf(notOnLinux)('is found when its first process is gone and the rest opened sessions', async () => {
    await orphaned("(setsid sh -c 'echo $$ > inner; exec sleep 1000' &); exec sleep 1000")
    const [child, inner] = [await box.pid('child'), await box.pid('inner')]
    process.kill(child, 'SIGKILL')
    await port.endLeftovers(mark)
    expect([child, inner].map(lives)).toEqual([false, false])
  })

  test.skipIf(notOnLinux)('is told without those that are dead and not yet reaped', async () => {
    await orphaned("sh -c 'echo $$ > inner' & exec sleep 1000")
    const [child, inner] = [await box.pid('child'), await box.pid('inner')]
    await until(() => stateOf(inner).startsWith('Z'), 'the inner process is a zombie')
    expect(await found()).toEqual([child])
    await port.endLeftovers(mark)
  })

  test('that ignores the asking is forced', async () => {
    const pids = await orphaned("trap '' TERM; sh -c 'echo $$ > inner; sleep 1000; sleep 1000' & wait; sleep 1000")
    await port.endLeftovers(mark)
    expect(pids.map(lives)).toEqual([false, false])
  })
})

describe.skipIf(notOnLinux)('a note', () => {
  test('that names a living process by pid, start and boot finds it', async () => {
    const { pid } = stranger(['sleep', '1000'])
    noteOf(pid)
    expect(await found()).toEqual([pid])
  })

  test('whose pid is used again, as the start time shows, touches nobody', async () => {
    const { pid } = stranger(['sleep', '1000'])
    const started = noteOf(pid)
    for (const wrong of [started - 1, started + 1]) {
      noteOf(pid, { started: wrong })
      expect(await found()).toEqual([])
      await port.endLeftovers(mark)
      expect(lives(pid)).toBe(true)
    }
  })

  test('of another boot touches nobody', async () => {
    const { pid } = stranger(['sleep', '1000'])
    noteOf(pid, { boot: 'another' })
    expect(await found()).toEqual([])
    await port.endLeftovers(mark)
    expect(lives(pid)).toBe(true)
  })
})

describe.skipIf(notOnLinux)('a mark', () => {
  test('in words of a command, or in a longer value or name, is none', async () => {
    stranger(['sh', '-c', 'sleep 1000 & wait', `ORCHASTRATION_STEP=${box.step}`])
    stranger(['sleep', '1000'], { ORCHASTRATION_STEP: `${box.step}0`, MY_ORCHASTRATION_STEP: box.step })
    expect(await found()).toEqual([])
  })

  test('taken over into a session of somebody else does not spread to that session', async () => {
    stranger([
      'sh',
      '-c',
      `sleep 1000 & echo $! > other; ORCHASTRATION_STEP=${box.step} sh -c 'echo $$ > copied; exec sleep 1000' & wait`,
    ])
    const [other, copied] = [await box.pid('other'), await box.pid('copied')]
    expect(await found()).toEqual([copied])
    await port.endLeftovers(mark)
    expect([other, copied].map(lives)).toEqual([true, false])
  })

  test('that nobody carries finds nobody, with no note', async () => {
    expect(await port.findLeftovers(mark)).toEqual([])
    await port.endLeftovers(mark)
  })
})
