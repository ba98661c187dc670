import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { processes } from '#adapters/process/processes.ts'
import { endForgotten, lives, notOnLinux, onWindows, type Sandbox, sandbox, stateOf, until } from './sandbox.ts'

const LONG_MS = 30_000

let box: Sandbox

beforeEach(() => {
  box = sandbox()
})

afterEach(() => {
  const forgotten = endForgotten(box)
  box.remove()
  expect(forgotten).toBe(0)
})

const elapsed = async (work: Promise<unknown>) => {
  const before = performance.now()
  await work
  return performance.now() - before
}

/** A script that lives until it is ended, and says when it does. */
const waiting = 'echo $$ > ready; while :; do sleep 1000 & wait $!; done'

describe.skipIf(onWindows)('the end of a tree', () => {
  test('is asked for, and comes as soon as the child obeys', async () => {
    const child = await box.start(`trap 'echo bye; exit 5' TERM; ${waiting}`)
    await box.pid('ready')
    expect(await elapsed(child.end(LONG_MS))).toBeLessThan(LONG_MS / 2)
    expect(await child.ended).toEqual({ kind: 'exited', exit: 5 })
    expect(box.read('stdout')).toBe('bye\n')
    expect(existsSync(box.path('note'))).toBe(false)
  })

  test('is asked for once only', async () => {
    const child = await box.start(`trap 'echo asked' TERM; echo $$ > ready; while :; do sleep 0.05; done`)
    await box.pid('ready')
    await child.end(500)
    expect(box.read('stdout')).toBe('asked\n')
  })

  test('is asked for again of whoever runs another program now, which heard nothing', async () => {
    const child = await box.start(`trap 'exec sleep 1000' TERM; echo $$ > ready; while :; do sleep 0.05; done`)
    await box.pid('ready')
    expect(await elapsed(child.end(LONG_MS))).toBeLessThan(LONG_MS / 2)
    expect(await child.ended).toEqual({ kind: 'signalled', signal: 'SIGTERM' })
  })

  test('is forced on a child that ignores the asking, after the grace and not before', async () => {
    const child = await box.start(`trap '' TERM; ${waiting}`)
    await box.pid('ready')
    expect(await elapsed(child.end(200))).toBeGreaterThanOrEqual(195)
    expect(await child.ended).toEqual({ kind: 'signalled', signal: 'SIGKILL' })
  })

  test('is forced at once without grace', async () => {
    const child = await box.start(`trap 'echo asked' TERM; ${waiting}`)
    await box.pid('ready')
    await child.end(0)
    expect(await child.ended).toEqual({ kind: 'signalled', signal: 'SIGKILL' })
    expect(box.read('stdout')).toBe('')
  })

  test('comes sooner when it is asked for again with less grace', async () => {
    const child = await box.start(`trap '' TERM; ${waiting}`)
    await box.pid('ready')
    const first = child.end(LONG_MS)
    expect(await elapsed(Promise.all([first, child.end(0)]))).toBeLessThan(LONG_MS / 2)
  })

  test('does not come later when it is asked for again with more grace', async () => {
    const child = await box.start(`trap '' TERM; ${waiting}`)
    await box.pid('ready')
    expect(await elapsed(Promise.all([child.end(100), child.end(LONG_MS)]))).toBeLessThan(LONG_MS / 2)
  })

  test('takes grandchildren along, also those that ignore the asking', async () => {
    const child = await box.start(`(trap '' TERM; sh -c 'echo $$ > inner; sleep 1000 & wait') & ${waiting}`)
    const inner = await box.pid('inner')
    await box.pid('ready')
    await child.end(50)
    expect(lives(inner)).toBe(false)
  })

  test('finds what is forked while it is asked for', async () => {
    const late = `trap "" TERM; sh -c "echo \\$\\$ > late; sleep 1000" & exit`
    const child = await box.start(`trap '${late}' TERM; ${waiting}`)
    await box.pid('ready')
    await child.end(300)
    expect(lives(await box.pid('late'))).toBe(false)
  })

  test('comes to a chain in which each forks the next and ends', async () => {
    box.program('chain', '#!/bin/sh\ntrap "" TERM\necho $$ > chain.pid\nsleep 0.01\n./chain &\n')
    const child = await box.start('./chain')
    await child.ended
    await child.end(20)
    expect(lives(await box.pid('chain.pid'))).toBe(false)
  })

  test('continues a stopped child so that it can obey', async () => {
    const child = await box.start(`trap 'echo bye; exit 0' TERM; ${waiting}`)
    const pid = await box.pid('ready')
    process.kill(pid, 'SIGSTOP')
    await until(() => stateOf(pid).startsWith('T'), 'the child is stopped')
    expect(await elapsed(child.end(LONG_MS))).toBeLessThan(LONG_MS / 2)
    expect(await child.ended).toEqual({ kind: 'exited', exit: 0 })
  })

  test('may be asked for after the child ended, and again', async () => {
    const child = await box.start('true')
    await child.ended
    await child.end(LONG_MS)
    await child.end(LONG_MS)
    expect(existsSync(box.path('note'))).toBe(false)
  })

  test('takes along what an ended child left in the background', async () => {
    const child = await box.start('sleep 1000 & echo $! > left')
    await child.ended
    await child.end(LONG_MS)
    expect(lives(await box.pid('left'))).toBe(false)
  })
})

describe.skipIf(notOnLinux)('a descendant is found', () => {
  const inner = (body: string) => `sh -c 'echo $$ > inner; ${body}; sleep 1000 & wait'`

  const endsInner = async (script: string) => {
    const child = await box.start(script)
    const pid = await box.pid('inner')
    if (!script.includes('wait')) await child.ended
    await child.end(100)
    return !lives(pid)
  }

  test('by its mark when it forked twice into a session of its own', async () => {
    const child = await box.start(`(setsid ${inner("trap '' TERM").replaceAll("''", ':')} &) ; ${waiting}`)
    const pid = await box.pid('inner')
    await until(
      () =>
        Bun.spawnSync(['ps', '-o', 'ppid=', '-p', String(pid)])
          .stdout.toString()
          .trim() !== String(child.pid),
      'it is orphaned',
    )
    await child.end(100)
    expect(lives(pid)).toBe(false)
  })

  test('by its session when it cleared its environment and lost its parent', async () => {
    expect(await endsInner(`(env -i /bin/${inner(':')} &); ${waiting}`)).toBe(true)
  })

  test('by its parent when it cleared its environment and opened a session', async () => {
    expect(await endsInner(`env -i setsid -w /bin/${inner(':')} & ${waiting}`)).toBe(true)
  })

  test('by memory when its parent dies first', async () => {
    expect(await endsInner(`env -i setsid -w /bin/${inner('trap : TERM; sleep 1000; sleep 1000')} & ${waiting}`)).toBe(
      true,
    )
  })
})

describe.skipIf(notOnLinux)('nobody else is ended:', () => {
  test('not the child of a step whose number begins alike', async () => {
    const child = await box.start(waiting)
    const other = sandbox()
    const alike = await other.start(waiting, { mark: { step: `${box.step}0`, notePath: other.path('note') } })
    await box.pid('ready')
    await child.end(0)
    expect(lives(alike.pid)).toBe(true)
    await alike.end(0)
    other.remove()
  })

  test('not whoever asks, marked or not, nor its own children', async () => {
    const child = await box.start(`sh -c 'echo $$ > asker; sleep 1000 & echo $! > helper; wait' & ${waiting}`)
    const [asker, helper] = [await box.pid('asker'), await box.pid('helper')]
    const itself = processes({ platform: process.platform, ownPid: asker })
    const mark = { step: box.step, notePath: box.path('note') }
    const found = await itself.findLeftovers(mark)
    expect(found.map(({ pid }) => pid)).toContain(child.pid)
    expect(found.map(({ pid }) => pid)).not.toContain(asker)
    await itself.endLeftovers({ ...mark, step: 'no such step' })
    expect([child.pid, asker, helper].map(lives)).toEqual([false, true, true])
    await child.end(0)
  })
})
