import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { maskOf } from '#base/masker.ts'
import { notOnLinux, onWindows, port, type Sandbox, sandbox } from './sandbox.ts'

let box: Sandbox
beforeEach(() => {
  box = sandbox()
})
afterEach(() => box.remove())

const mask = maskOf(['hush-hush'])

describe.skipIf(onWindows)('the output of a child behind a mask', () => {
  test('is masked in both streams, and nothing else is left', async () => {
    const child = await box.start('echo out hush-hush; echo err hush-hush >&2; printf hush-', { mask })
    expect(await child.ended).toEqual({ kind: 'exited', exit: 0 })
    expect([box.read('stdout'), box.read('stderr')]).toEqual(['out ***\nhush-', 'err ***\n'])
    expect(readdirSync(box.directory).sort()).toEqual(['stderr', 'stdout'])
  })

  test.skipIf(notOnLinux)('goes through pipes that no name leads to', async () => {
    const child = await box.start('(ls -l /proc/$$/fd/1 /proc/$$/fd/2) > links; true', { mask })
    await child.ended
    expect(box.read('links').match(/\(deleted\)/g)).toHaveLength(2)
  })

  test('is whole, however the child and we take turns', async () => {
    const child = await box.start('i=0; while [ $i -lt 3000 ]; do echo "line $i hush-hush"; i=$((i+1)); done', { mask })
    await child.ended
    expect(box.read('stdout')).toBe(Array.from({ length: 3000 }, (_, line) => `line ${line} ***\n`).join(''))
  })

  test('ends with the child, and who is left behind loses its reader', async () => {
    const child = await box.start(
      '(while echo late; do sleep 0.01; done; echo gone > gone) & echo $! > pid; echo out',
      {
        mask,
      },
    )
    await child.ended
    expect(box.read('stdout').replaceAll('late\n', '')).toBe('out\n')
    await child.end(0)
  })

  test('that cannot be kept is said, and stops nothing', async () => {
    const child = await box.start('head -c 1000000 /dev/zero; echo done > done', { mask, stdoutPath: '/dev/full' })
    expect(await child.ended).toEqual({
      kind: 'exited',
      exit: 0,
      lost: { code: 'output_lost', path: '/dev/full', reason: 'ENOSPC' },
    })
    expect(box.read('done')).toBe('done\n')
  })

  test('of a child that does not start leaves no pipe open', async () => {
    const openFiles = () => (notOnLinux ? 0 : readdirSync('/proc/self/fd').length)
    await port.start({ ...box.spec(''), argv: ['/dev/null'], mask })
    const before = openFiles()
    for (let round = 0; round < 20; round++) await port.start({ ...box.spec(''), argv: ['/dev/null'], mask })
    for (let round = 0; round < 20; round++) await (await box.start('echo x', { mask })).ended
    // The runtime has a few of its own, and lets go of them when it likes.
    expect(openFiles()).toBeLessThan(before + 10)
  })
})
