import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchChild } from '#adapters/process/child.ts'
import { linux } from '#adapters/process/linux.ts'
import { onWindows, type Sandbox, sandbox } from './sandbox.ts'

let box: Sandbox

beforeEach(() => {
  box = sandbox()
})

afterEach(() => box.remove())

test.skipIf(onWindows)(
  'the end of a tree is told after the end of its child, even if that was not seen any more',
  async () => {
    const order: string[] = []
    const process = Bun.spawn(['sleep', '1000'])
    // Lists nobody from the start, as if the child were a zombie already.
    const platform = { ...linux, list: async () => [] }
    const leader = { pid: process.pid, started: 0 }
    const child = watchChild(process, leader, { spec: box.spec('true'), host: { platform, ownPid: 1 } })
    const all = Promise.all([child.ended.then(() => order.push('ended')), child.end(0).then(() => order.push('end'))])
    setTimeout(() => process.kill('SIGKILL'), 50)
    await all
    expect(order).toEqual(['ended', 'end'])
  },
)
