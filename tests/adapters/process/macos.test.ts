import { expect, test } from 'vitest'
import { listed } from '#adapters/process/macos.ts'

// In the shape that ps of macOS prints; written by hand, not recorded there.
const plain = `
    1     0     1 Ss   Thu Nov 20 09:00:00 2025     /sbin/launchd
  700     1   700 Ss   Thu Nov 20 13:21:07 2025     /bin/sh -c sleep 1000
  701   700   700 T    Thu Nov  6 13:21:08 2025     sleep 1000
  702   700   700 Z    Thu Nov 20 13:21:08 2025     (sleep)
  703     1   703 S    Thu Nov 20 13:21:09 2025     echo ORCHASTRATION_STEP=x/1 end
`
const withEnvironment = `
    1     0     1 Ss   Thu Nov 20 09:00:00 2025     /sbin/launchd
  700     1   700 Ss   Thu Nov 20 13:21:07 2025     /bin/sh -c sleep 1000 PATH=/bin ORCHASTRATION_STEP=x/1
  701   700   700 T    Thu Nov  6 13:21:08 2025     sleep 1000 ORCHASTRATION_STEP=x/10 PATH=/bin
  703     1   703 S    Thu Nov 20 13:21:09 2025     echo ORCHASTRATION_STEP=x/1 end PATH=/bin
`

test('ps of macOS is read: dates, stopped and dead processes, and the mark in the environment only', () => {
  const entries = listed(plain, withEnvironment, 'x/1').map(({ command, ...entry }) => ({
    ...entry,
    command: command(),
  }))
  expect(entries).toEqual([
    {
      pid: 1,
      program: '/sbin/launchd',
      parent: 0,
      group: 1,
      session: 0,
      started: Date.UTC(2025, 10, 20, 9),
      stopped: false,
      marked: false,
      command: '/sbin/launchd',
    },
    {
      pid: 700,
      program: '/bin/sh',
      parent: 1,
      group: 700,
      session: 0,
      started: Date.UTC(2025, 10, 20, 13, 21, 7),
      stopped: false,
      marked: true,
      command: '/bin/sh -c sleep 1000',
    },
    {
      pid: 701,
      program: 'sleep',
      parent: 700,
      group: 700,
      session: 0,
      started: Date.UTC(2025, 10, 6, 13, 21, 8),
      stopped: true,
      marked: false,
      command: 'sleep 1000',
    },
    {
      pid: 703,
      program: 'echo',
      parent: 1,
      group: 703,
      session: 0,
      started: Date.UTC(2025, 10, 20, 13, 21, 9),
      stopped: false,
      marked: false,
      command: 'echo ORCHASTRATION_STEP=x/1 end',
    },
  ])
})
