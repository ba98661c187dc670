import type { PlaceFault } from '#activities/workspace-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf, systemCode } from '#base/system-error.ts'
import { DescriptorFolder, hasDescriptorPaths } from './descriptor-folder.ts'
import type { Folder } from './folder.ts'
import { PathFolder } from './path-folder.ts'

/** How directories are held: by descriptors where the system can, else by paths that are looked at again. */
export type FolderKind = 'descriptors' | 'paths'

export function usualFolderKind(): FolderKind {
  return hasDescriptorPaths() ? 'descriptors' : 'paths'
}

/** A way down from a root. */
interface Way {
  readonly root: string
  readonly names: readonly string[]
  readonly entering: Entering
}

export interface Entering {
  readonly kind: FolderKind
  /** Directories that nobody enters, by their ids: a mount or another letter case makes no difference. */
  readonly refused: ReadonlySet<string>
  /** Makes what is missing on the way. */
  readonly make?: boolean
}

/** What came of work with files, where that is no error of the system. */
export class Fault extends Error {
  readonly fault: PlaceFault

  constructor(kind: PlaceFault['kind'], { detail = '', ...options }: ErrorOptions & { readonly detail?: string } = {}) {
    super(kind, options)
    this.fault = { kind, detail }
  }
}

/** Goes down from a root, name by name, and does something in the directory that is reached. Throws what it throws. */
export function inside<T>({ root, names, entering }: Way, work: (folder: Folder) => T): T {
  let folder: Folder = entering.kind === 'descriptors' ? DescriptorFolder.open(root) : PathFolder.open(root)
  try {
    refuse(folder, entering)
    for (const name of names) {
      const next = step(folder, name, entering)
      folder.close()
      folder = next
      refuse(folder, entering)
    }
    return work(folder)
  } finally {
    folder.close()
  }
}

function step(folder: Folder, name: string, { make }: Entering): Folder {
  try {
    return folder.sub(name)
  } catch (error) {
    if (make !== true || systemCode(error) !== 'ENOENT') throw error
    makeOrFind(folder, name)
    return folder.sub(name)
  }
}

function makeOrFind(folder: Folder, name: string): void {
  try {
    folder.make(name)
    folder.sync()
  } catch (error) {
    // Somebody else made it in the meantime.
    if (systemCode(error) !== 'EEXIST') throw error
  }
}

function refuse(folder: Folder, { refused }: Entering): void {
  if (refused.has(folder.id)) throw new Fault('protected', { detail: 'state' })
}

/** Does something with files, and answers with what the system says where that fails. */
export function attempt<T>(work: () => T): Result<T, PlaceFault> {
  try {
    return ok(work())
  } catch (error) {
    return err(faultOf(error))
  }
}

/** The same for work that takes its time. */
export async function settled<T>(work: Promise<T>): Promise<Result<T, PlaceFault>> {
  try {
    return ok(await work)
  } catch (error) {
    return err(faultOf(error))
  }
}

function faultOf(error: unknown): PlaceFault {
  if (error instanceof Fault) return error.fault
  const code = systemCode(error)
  const kind = code === undefined ? undefined : KINDS[code]
  return kind ?? { kind: 'system', detail: reasonOf(error) }
}

const KINDS: Readonly<Record<string, PlaceFault>> = {
  ENOENT: { kind: 'missing', detail: '' },
  // What was a directory or a file when it was located is a link now.
  ELOOP: { kind: 'changed_meanwhile', detail: 'link' },
  ENOTDIR: { kind: 'changed_meanwhile', detail: 'link' },
  EISDIR: { kind: 'not_a_file', detail: 'directory' },
  NOT_REGULAR: { kind: 'not_a_file', detail: '' },
  ENAMETOOLONG: { kind: 'unusable_path', detail: 'too_long' },
}

/** The directory and the name of a file; a root has no name in it. */
export function partsOf(names: readonly string[]): { readonly folder: readonly string[]; readonly name: string } {
  const name = names.at(-1)
  if (name === undefined) throw new Fault('not_a_file', { detail: 'directory' })
  return { folder: names.slice(0, -1), name }
}
