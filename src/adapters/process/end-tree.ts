import type { Host } from './host.ts'
import type { ProcessEntry } from './platform.ts'
import { type Living, type TreeOrigin, watchTree } from './tree.ts'

/** A tree that is being ended. */
export interface Ending {
  /** Whether nothing lives any more. False after a bound: a process may be stuck in the kernel, or not ours to end. */
  readonly done: Promise<boolean>
  /** Moves the end of the grace nearer, never further away. */
  hasten(graceMs: number): void
}

const FORCE_BOUND_MS = 10_000
const FIRST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 50

/**
 * Ends a tree.
 *
 *   asking (TERM once to each, CONT to the stopped) ──► forcing (KILL to all, again and again) ──► gone
 *        └──────────────────── nothing lives ─────────────────────────────────────────────────────► gone
 *
 * The tree is searched again at every turn: what lives may have forked since. Time is the machine's own and monotonic,
 * as the children's is.
 */
export function endTree(host: Host, origin: TreeOrigin, graceMs: number): Ending {
  let askUntil = performance.now() + graceMs
  const living = watchTree(host, origin)
  const asked = new Set<string>()
  const ask = (tree: Living) => {
    for (const member of tree.members) askToEnd(member, asked, host)
  }
  const force = (tree: Living) => forceToEnd(tree, host)
  const done = async () => {
    if (await repeat(living, ask, () => askUntil)) return true
    const forceUntil = performance.now() + FORCE_BOUND_MS
    return repeat(living, force, () => forceUntil)
  }
  return {
    done: done(),
    hasten: (sooner) => {
      askUntil = Math.min(askUntil, performance.now() + sooner)
    },
  }
}

/** Acts on the tree until nothing of it lives or time is up; says which. */
async function repeat(living: () => Promise<Living>, act: (tree: Living) => void, until: () => number) {
  let pauseMs = FIRST_PAUSE_MS
  while (performance.now() < until()) {
    const tree = await living()
    // Twice: a process that forked and ended while we looked is seen neither as itself nor as its child.
    if (tree.members.length === 0 && (await living()).members.length === 0) return true
    act(tree)
    await Bun.sleep(Math.max(0, Math.min(pauseMs, until() - performance.now())))
    pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)
  }
  return false
}

/**
 * One TERM each: many programs take the second for "at once". But a shell's child that hears it between its fork and
 * its exec forgets it, so whoever runs another program now is asked anew. A stopped process hears it when it continues.
 */
function askToEnd(member: ProcessEntry, asked: Set<string>, { platform }: Host): void {
  const asking = `${member.pid} ${member.program}`
  if (!asked.has(asking)) platform.signal(member.pid, 'SIGTERM')
  asked.add(asking)
  if (member.stopped) platform.signal(member.pid, 'SIGCONT')
}

/** Groups first: that is one act of the kernel, which no fork can slip through. */
function forceToEnd(tree: Living, { platform }: Host): void {
  for (const group of tree.groups) platform.signal(-group, 'SIGKILL')
  for (const member of tree.members) platform.signal(member.pid, 'SIGKILL')
}
