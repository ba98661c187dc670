import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Place, PlaceFault, Workspace } from '#activities/workspace-port.ts'
import { keptContent } from '#adapters/files/kept-content.ts'
import { changeNotePath } from '#adapters/files/outputs.ts'
import type { FolderKind } from '#adapters/workspace/enter.ts'
import { workspace } from '#adapters/workspace/workspace.ts'
import type { Result } from '#base/result.ts'
import type { Access, Spaces } from '#domain/agents/spaces.ts'

/** A workspace on disk with a secret beside it. */
export interface GivenWorkspace {
  /** Above all of it. */
  readonly base: string
  readonly store: string
  readonly spaces: Spaces
  readonly files: Workspace
  /** Absolute, of a path below the workspace. */
  readonly at: (path: string) => string
  readonly put: (path: string, text: string) => void
  readonly find: (path: string, access?: Access, spaces?: Partial<Spaces>) => Result<Place, PlaceFault>
  /** What is read of a path, or why nothing is. */
  readonly read: (path: string, spaces?: Partial<Spaces>) => string
  /** What it says of writing a path. */
  readonly write: (path: string, text: string, spaces?: Partial<Spaces>) => string
  readonly end: () => void
}

export const SECRET = 'nobody reads this'

export function givenWorkspace(folders?: FolderKind): GivenWorkspace {
  return givenWorkspaceIn(realpathSync(mkdtempSync(join(tmpdir(), 'orchastration-workspace-'))), folders)
}

export function givenWorkspaceIn(base: string, folders?: FolderKind): GivenWorkspace {
  const [root, store] = [join(base, 'ws'), join(base, 'state', 'store')]
  for (const folder of [root, store, join(base, 'ref'), join(base, 'outside')]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(base, 'outside', 'secret.txt'), SECRET)
  writeFileSync(join(base, 'ref', 'guide.txt'), 'guide')
  const spaces: Spaces = {
    workspace: root,
    references: [join(base, 'ref')],
    domain: root,
    read_scope: ['workspace', 'reference', 'domain'],
    write_scope: ['workspace'],
    allow: [],
  }
  const files = workspace({
    own: { refused: [join(base, 'state')], refusedBeside: [] },
    kept: keptContent(store),
    notePath: (key) => changeNotePath(store, key),
    platform: process.platform,
    ...(folders !== undefined && { folders }),
  })
  const find = (path: string, access: Access = 'read', more: Partial<Spaces> = {}) =>
    files.locate(path, access, { ...spaces, ...more })
  const at = (path: string) => join(root, path)
  let count = 0
  return {
    base,
    store,
    spaces,
    files,
    at,
    put: (path, text) => {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), text)
    },
    find,
    read: (path, more) => {
      const place = find(path, 'read', more)
      const read = place.ok ? files.read(place.value, 1_000_000) : place
      return read.ok ? Buffer.from(read.value).toString() : `${read.error.kind} ${read.error.detail}`.trim()
    },
    write: (path, text, more) => {
      const place = find(path, 'write', more)
      const content = Buffer.from(text)
      const written = place.ok ? files.replace(place.value, { key: `run/${count++}`, content }) : place
      return written.ok ? 'written' : `${written.error.kind} ${written.error.detail}`.trim()
    },
    end: () => rmSync(base, { recursive: true, force: true }),
  }
}
