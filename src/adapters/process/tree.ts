import type { Host } from './host.ts'
import type { ProcessEntry, ProcessIdentity } from './platform.ts'

/** Where the search for a tree begins. */
export interface TreeOrigin {
  readonly step: string
  /** The child itself, where it is known; it may be gone. */
  readonly leader: ProcessIdentity | undefined
}

/** What lives of a tree at one moment. */
export interface Living {
  readonly members: readonly ProcessEntry[]
  /** The process groups that hold members only. */
  readonly groups: readonly number[]
}

/** What the search remembers from look to look. */
interface Memory {
  /** Members seen so far, start time by pid: a parent's death does not lose its children. */
  readonly members: Map<number, number>
  /** Sessions and groups that the tree opened. */
  readonly families: Set<number>
  /** Those in which a member was at the last look. */
  open: ReadonlySet<number>
}

/** Looks for the members of a tree, again at each call, and remembers those it saw. */
export function watchTree(host: Host, origin: TreeOrigin): () => Promise<Living> {
  const { leader, step } = origin
  const memory: Memory = {
    members: new Map(leader === undefined ? [] : [[leader.pid, leader.started]]),
    families: new Set(leader === undefined ? [] : [leader.pid]),
    open: new Set(),
  }
  const search = { step, since: leader === undefined ? 0 : leader.started - host.platform.startTolerance }
  return async () => grow(await host.platform.list(search), memory, host)
}

function grow(entries: readonly ProcessEntry[], memory: Memory, host: Host): Living {
  // Neither we nor the first process of the machine (or container) are ever a member, and nobody is one through us.
  const strangers = new Set(entries.filter((entry) => entry.pid > 1 && entry.pid !== host.ownPid))
  const own = entries.find((entry) => entry.pid === host.ownPid)
  const members = new Map<number, ProcessEntry>()
  const stillOpen = familiesStillOpen(entries, memory, host)
  let belongs = (entry: ProcessEntry) =>
    entry.marked || isRemembered(entry, memory, host) || isOfFamily(entry, stillOpen)
  for (let before = -1; members.size > before; ) {
    before = members.size
    for (const entry of strangers) {
      if (!belongs(entry)) continue
      strangers.delete(entry)
      members.set(entry.pid, entry)
      memory.members.set(entry.pid, entry.started)
    }
    memory.open = openFamilies(members, memory, own)
    belongs = (entry) => isChild(entry, members) || isOfFamily(entry, memory.open)
  }
  const groups = new Set([...members.values()].map((entry) => entry.group).filter((group) => memory.open.has(group)))
  return { members: [...members.values()], groups: [...groups] }
}

function isOfFamily(entry: ProcessEntry, families: ReadonlySet<number>): boolean {
  return families.has(entry.session) || families.has(entry.group)
}

/**
 * Whoever forked and ended since the last look left a child that we never saw with a parent of ours; it is in the
 * same session and group, though, and that number is not given away while it is. A stranger who leads it now shows
 * that it was.
 */
function familiesStillOpen(entries: readonly ProcessEntry[], memory: Memory, host: Host): ReadonlySet<number> {
  const open = new Set(memory.open)
  for (const entry of entries) {
    if (!isRemembered(entry, memory, host)) open.delete(entry.pid)
  }
  return open
}

function isRemembered(entry: ProcessEntry, memory: Memory, { platform }: Host): boolean {
  const started = memory.members.get(entry.pid)
  return started !== undefined && Math.abs(started - entry.started) <= platform.startTolerance
}

/** A parent that is younger than its child has the pid of the true one, which is gone (Windows keeps such numbers). */
function isChild(entry: ProcessEntry, members: ReadonlyMap<number, ProcessEntry>): boolean {
  const parent = members.get(entry.parent)
  return parent !== undefined && parent.started <= entry.started
}

/**
 * The living sessions and groups that only descendants can be in: those that a member leads, or led before. The kernel
 * gives their number to no other process while anyone is in them. A marked process in somebody's terminal does not
 * make that terminal's session ours.
 */
function openFamilies(members: ReadonlyMap<number, ProcessEntry>, memory: Memory, own?: ProcessEntry): Set<number> {
  const open = new Set<number>()
  for (const { session, group } of members.values()) {
    for (const family of [session, group]) {
      if (family === 0 || family === own?.session || family === own?.group) continue
      if (members.has(family) || memory.families.has(family)) open.add(family)
    }
  }
  for (const family of open) memory.families.add(family)
  return open
}
