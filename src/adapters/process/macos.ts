import { MARK_VARIABLE, type Platform, type ProcessEntry } from './platform.ts'
import { findProgram, isGroupAlive, signal } from './posix.ts'

/**
 * macOS, by ps. Start times are dates in milliseconds, of which ps shows whole seconds; our own clock at the start is
 * near enough and spares a ps on the way of every child. Processes of the system's own protected programs (such as
 * /bin/sh) may hide their environment: those are found as descendants and by their group only.
 */
export const macos: Platform = {
  hasTerminals: true,
  findProgram,
  environment: (variables) => variables,
  signal,
  isGroupAlive,
  startTolerance: 2000,
  bootId: () => '',
  startOf: () => Date.now(),
  list: async ({ step }) => {
    const plain = await ps('-axww')
    const withEnvironment = await ps('-axEww')
    return listed(plain, withEnvironment, step)
  },
}

/** Puts the two outputs of ps together. What the second adds to a command is the environment. */
export function listed(plain: string, withEnvironment: string, step: string): readonly ProcessEntry[] {
  const environments = new Map(rows(withEnvironment).map((row) => [`${row.pid} ${row.started}`, row.text]))
  return rows(plain)
    .filter((row) => !row.state.startsWith('Z'))
    .map(({ text, state, ...row }) => {
      const both = environments.get(`${row.pid} ${row.started}`) ?? ''
      const environment = both.startsWith(text) ? `${both.slice(text.length)} ` : ''
      return {
        ...row,
        session: 0,
        program: text.split(' ', 1)[0] ?? '',
        stopped: state.startsWith('T'),
        marked: environment.includes(` ${MARK_VARIABLE}=${step} `),
        command: () => text,
      }
    })
}

function rows(output: string) {
  const row = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/gm
  return [...output.matchAll(row)].map(([, pid, parent, group, state = '', started, text = '']) => ({
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    state,
    started: Date.parse(`${started} UTC`),
    text,
  }))
}

async function ps(flags: string): Promise<string> {
  const columns = 'pid=,ppid=,pgid=,stat=,lstart=,command='
  // Dates in one language and zone, whatever the user's.
  const env = { LC_ALL: 'C', TZ: 'UTC0' }
  const list = Bun.spawn(['/bin/ps', flags, '-o', columns], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  return new Response(list.stdout).text()
}
