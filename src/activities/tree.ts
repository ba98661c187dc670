import type { Digest } from '#base/digest.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import type { Mask } from '#base/masker.ts'
import { err, ok, type Result } from '#base/result.ts'
import { protectedReason } from '#domain/agents/protected-names.ts'
import type { Failure } from '#domain/failure.ts'
import { type TreeEntry, type TreeReport, treeDigest } from '#domain/run/recorded-tree.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { TreeInput } from '#workflows/tree.ts'
import type { KeptFilesPort } from './kept-files-port.ts'
import { maskOfKnown } from './known-secrets.ts'
import type { SurroundingsPort } from './surroundings-port.ts'
import type { WorkTreeChange, WorkTreePlace, WorkTrees } from './work-trees-port.ts'

/** A larger file is named and not kept. */
const MOST_FILE_BYTES = 64 * 1024 ** 2
/** More is no list that an event should hold, nor a store of records. */
const MOST_PATH_LENGTH = 1_000_000
const MOST_BYTES = 512 * 1024 ** 2

interface TreeParts {
  readonly workTrees: WorkTrees
  readonly kept: KeptFilesPort
  readonly surroundings: () => Promise<SurroundingsPort>
}

type Entries = ReadonlyMap<string, TreeEntry>

/** What this process knows of a run's repository: saves it from reading and telling again what has not changed. */
interface Memory {
  readonly digest: Digest
  readonly entries: Entries
  readonly stamps: ReadonlyMap<string, string>
}

/** Records trees: contents are kept by their digests before the step ends, and the repository is only read. */
export function treeActivity(parts: TreeParts): Activity {
  const runs = new Map<string, Map<string, Memory>>()
  return {
    run: async (input, attempt) => {
      const runId = attempt.key.slice(0, attempt.key.indexOf('/'))
      const memories = runs.get(runId) ?? new Map<string, Memory>()
      runs.set(runId, memories)
      const { secrets = [], ...asked } = input as TreeInput
      const mask = await maskOfKnown(secrets, parts.surroundings)
      return await recordTrees({ ...parts, memories, attempt, mask }, asked)
    },
    letGo: (runId) => {
      runs.delete(runId)
    },
  }
}

interface Recording extends TreeParts {
  readonly memories: Map<string, Memory>
  readonly attempt: ActivityAttempt
  readonly mask: Mask | undefined
}

async function recordTrees(
  recording: Recording,
  input: Omit<TreeInput, 'secrets'>,
): Promise<Result<TreeReport, Failure>> {
  const { signal } = recording.attempt
  const report = { trees: [], artifacts: [], without: [] } as {
    -readonly [Key in keyof TreeReport]: TreeReport[Key][number][]
  }
  const places = new Map<string, { readonly path: string; readonly below: string }[]>()
  for (const path of input.directories) {
    const place: Result<WorkTreePlace, string> = await recording.workTrees.topOf(path, signal)
    if (!place.ok) report.without.push({ directory: path, why: place.error })
    else places.set(place.value.root, [...(places.get(place.value.root) ?? []), { path, below: place.value.below }])
  }
  for (const [root, directories] of places) {
    const told = await recordTree(recording, { root, directories, known: input.known[root] })
    if (told.ok) {
      report.trees.push(told.value.tree)
      report.artifacts.push(...told.value.files)
    } else report.without.push(...directories.map(({ path }) => ({ directory: path, why: told.error })))
  }
  // The signal's reason is a failure by the contract of attempts.
  return signal.aborted ? err(signal.reason as Failure) : ok(report)
}

interface Place {
  readonly root: string
  readonly directories: readonly { readonly path: string; readonly below: string }[]
  readonly known: Digest | undefined
}

interface Told {
  readonly tree: TreeReport['trees'][number]
  readonly files: TreeReport['artifacts']
}

async function recordTree(recording: Recording, { root, directories, known }: Place): Promise<Result<Told, string>> {
  const looked = await recording.workTrees.look(root, recording.attempt.signal)
  if (!looked.ok) return looked
  const { head, branch, changes } = looked.value
  const memory = recording.memories.get(root)
  const kept = await entriesOf(recording, { root, changes, memory })
  if (!kept.ok) return kept
  const digest = treeDigest(head, kept.value)
  const stamps = new Map(changes.flatMap((one) => (one.kind === 'file' && one.stamp ? [[one.path, one.stamp]] : [])))
  recording.memories.set(root, { digest, entries: kept.value, stamps })
  // What an earlier process told is not known here, so everything is told again.
  const from = memory !== undefined && memory.digest === known ? known : null
  const told = difference(from === null ? new Map() : (memory?.entries ?? new Map()), kept.value)
  const files = told.files.map((file) => ({ root, ...file }))
  const { links, gone, back, left_out } = told
  return ok({ tree: { root, directories, head, branch, digest, from, links, gone, back, left_out }, files })
}

interface Changes {
  readonly root: string
  readonly changes: readonly WorkTreeChange[]
  readonly memory: Memory | undefined
}

async function entriesOf(recording: Recording, { root, changes, memory }: Changes): Promise<Result<Entries, string>> {
  const length = changes.reduce((sum, { path }) => sum + path.length, 0)
  if (length > MOST_PATH_LENGTH) return err('the names of the files that differ from its commit are too long together')
  const entries = new Map<string, TreeEntry>()
  let room = MOST_BYTES
  for (const change of changes) {
    const { path } = change
    const entry = known(change, memory) ?? (await entryOf(recording, root, change))
    if (entry.kind === 'file' && memory?.entries.get(path) !== entry) room -= entry.bytes
    if (room < 0) return err(`more than ${MOST_BYTES} bytes differ from its commit`)
    entries.set(path, entry)
  }
  return ok(entries)
}

/** What is kept already, where nothing says that the file has changed since. */
function known(change: WorkTreeChange, memory: Memory | undefined): TreeEntry | undefined {
  if (change.kind !== 'file' || change.stamp === undefined) return undefined
  return memory?.stamps.get(change.path) === change.stamp ? memory.entries.get(change.path) : undefined
}

async function entryOf({ kept, attempt, mask }: Recording, root: string, change: WorkTreeChange): Promise<TreeEntry> {
  switch (change.kind) {
    case 'gone':
      return { kind: 'gone' }
    case 'link':
      return { kind: 'link', target: change.target }
    case 'file': {
      const { path, executable, bytes } = change
      if (protectedReason(path.split('/'), 'read') !== undefined) return { kind: 'left_out', why: 'protected' }
      if (bytes > MOST_FILE_BYTES) return { kind: 'left_out', why: 'large' }
      const { signal } = attempt
      const files = { directory: root, paths: [path], start: attempt, mostBytes: MOST_FILE_BYTES, mask, signal }
      const copied = await kept.keepFiles(files)
      const [copy] = copied.ok ? copied.value.files : []
      if (copy !== undefined) return { kind: 'file', digest: copy.digest as Digest, bytes: copy.bytes, executable }
      return { kind: 'left_out', why: copied.ok ? 'unreadable' : (NOT_KEPT[copied.error.reason] ?? 'unreadable') }
    }
    default:
      return { kind: 'left_out', why: change.kind }
  }
}

const NOT_KEPT: Readonly<Record<string, 'large' | 'secret'>> = { too_many_bytes: 'large', secret: 'secret' }

interface Differences {
  readonly files: readonly Omit<TreeReport['artifacts'][number], 'root'>[]
  readonly links: { readonly path: string; readonly target: string }[]
  readonly gone: string[]
  readonly back: string[]
  readonly left_out: TreeReport['trees'][number]['left_out'][number][]
}

function difference(before: Entries, after: Entries): Differences {
  const files: Omit<TreeReport['artifacts'][number], 'root'>[] = []
  const told: Differences = { files, links: [], gone: [], back: [], left_out: [] }
  for (const [path, entry] of after) {
    const was = before.get(path)
    if (was !== undefined && canonicalJson(was as Json) === canonicalJson(entry as Json)) continue
    if (entry.kind === 'file') {
      const { digest, bytes, executable } = entry
      files.push({ path, digest, bytes, executable })
    } else if (entry.kind === 'link') told.links.push({ path, target: entry.target })
    else if (entry.kind === 'gone') told.gone.push(path)
    else told.left_out.push({ path, why: entry.why })
  }
  for (const path of before.keys()) if (!after.has(path)) told.back.push(path)
  return told
}
