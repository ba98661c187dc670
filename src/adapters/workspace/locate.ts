import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import type { Place, PlaceFault } from '#activities/workspace-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf, systemCode } from '#base/system-error.ts'
import { protectedReason } from '#domain/agents/protected-names.ts'
import { type Access, mayUse, rootsOf, type Scope, type Spaces } from '#domain/agents/spaces.ts'
import { readToolPath } from '#domain/agents/tool-path.ts'
import { matchesPath } from '#domain/definition/path-matches.ts'

/** Where orchastration keeps what is its own: no agent reads or writes there, whatever it is allowed. */
export interface OwnPlaces {
  /** Directories with all below them, and files with those whose names go on from theirs. Absolute. */
  readonly refused: readonly string[]
  /** The same, but nobody is kept out of a workspace that was put into one of them. */
  readonly refusedBeside: readonly string[]
}

/** How many names may be missing at the end of a path: those that a write would make. */
const MOST_MISSING = 100

/** Where a path that an agent named really lies, links followed, and whether it may be used so. */
export function locate(text: string, locating: Locating): Result<Place, PlaceFault> {
  const { spaces, platform } = locating
  const path = readToolPath(text, platform)
  if (!path.ok) return fault(path.error === 'parent' || path.error === 'home' ? 'outside' : 'unusable_path', path.error)
  const workspace = resolved(spaces.workspace)
  if (!workspace.ok || isLink(spaces.workspace)) return fault('no_workspace', '')
  const { start, names } = path.value
  const asked = resolve(start === '' ? join(workspace.value, ...names) : start + names.join('/'))
  const roots = realRoots(spaces)
  const real = realPath(asked)
  // Of what lies outside, nobody is told whether it is there.
  if (!real.ok) return roots.some(([, root]) => isWithin(asked, root)) ? real : fault('outside', '')
  const found = scopesOf(real.value, roots)
  if (found === undefined) return fault('outside', '')
  const place = { root: found.root, names: namesBelow(found.root, real.value) }
  const refused = refusedFor(place, { ...locating, scopes: found.scopes, asked: names })
  return refused === undefined ? ok({ ...place, shown: shownPath(workspace.value, real.value), spaces }) : err(refused)
}

interface Asking extends Locating {
  readonly scopes: readonly Scope[]
  /** The names by which it was asked for. */
  readonly asked: readonly string[]
}

function refusedFor(
  { root, names }: Pick<Place, 'root' | 'names'>,
  { access, spaces, own, scopes, asked }: Asking,
): PlaceFault | undefined {
  const path = join(root, ...names)
  const isOwn = ownFor(root, own).some((each) => isWithin(path, each) || path.startsWith(`${each}.`))
  if (isOwn) return { kind: 'protected', detail: 'state' }
  if (!mayUse(scopes, access, spaces)) return { kind: 'not_in_scope', detail: scopes.join(', ') }
  const reason = protectedReason(names, access) ?? protectedReason(asked, access)
  if (reason === undefined || permitsBelow({ root, names, spaces }).isAllowed([])) return undefined
  return { kind: 'protected', detail: reason }
}

interface Locating {
  readonly access: Access
  readonly spaces: Spaces
  readonly own: OwnPlaces
  readonly platform: string
}

/** What goes for what lies below a place: where one goes on from what was located. */
export interface Permits {
  /** Whether it is refused for its name. */
  readonly isProtected: (more: readonly string[]) => boolean
  /** Whether it was allowed by name. */
  readonly isAllowed: (more: readonly string[]) => boolean
}

export function permitsBelow({ root, names, spaces }: Omit<Place, 'shown'>): Permits {
  const workspace = realPath(spaces.workspace)
  const isAllowed = (more: readonly string[]): boolean => {
    if (spaces.allow.length === 0 || !workspace.ok) return false
    const real = join(root, ...names, ...more)
    return isWithin(real, workspace.value) && matchesPath(spaces.allow, namesBelow(workspace.value, real))
  }
  return {
    isProtected: (more) => protectedReason([...names, ...more], 'read') !== undefined && !isAllowed(more),
    isAllowed,
  }
}

/** The real path of what is there, and of what is not with the names that are missing at its end. */
function realPath(path: string): Result<string, PlaceFault> {
  const missing: string[] = []
  for (let existing = path; missing.length <= MOST_MISSING; existing = dirname(existing)) {
    const real = resolved(existing)
    if (real.ok) return ok(join(real.value, ...missing))
    if (real.error.kind !== 'missing' || dirname(existing) === existing) return real
    missing.unshift(basename(existing))
  }
  return fault('unusable_path', 'too_long')
}

function resolved(path: string): Result<string, PlaceFault> {
  try {
    return ok(realpathSync.native(path))
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENAMETOOLONG') return fault('unusable_path', 'too_long')
    if (code === 'ENOTDIR') return fault('not_a_directory', '')
    if (code === 'ELOOP') return fault('outside', 'link')
    if (code !== 'ENOENT') return fault('system', reasonOf(error))
    // A link to what is not there: where it would lead once it is, nobody has looked.
    return isLink(path) ? fault('outside', 'link') : fault('missing', '')
  }
}

/** The real path, or the path itself where it cannot be told. */
export function realOr(path: string): string {
  const real = realPath(path)
  return real.ok ? real.value : path
}

/** The real places of ours that count below a root. */
export function ownFor(root: string, { refused, refusedBeside }: OwnPlaces): readonly string[] {
  return [...refused.map(realOr), ...refusedBeside.map(realOr).filter((each) => !isWithin(root, each))]
}

type Roots = readonly (readonly [Scope, string])[]

/** Directories of a run are pinned by their real paths: where one has become a link, that is not the one that was meant. */
function realRoots(spaces: Spaces): Roots {
  return rootsOf(spaces).flatMap(([scope, path]) => {
    const real = realPath(path)
    return real.ok && !isLink(path) ? [[scope, real.value] as const] : []
  })
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

/** By whole names: `workspace-evil` is not in `workspace`. */
function scopesOf(
  real: string,
  roots: Roots,
): { readonly root: string; readonly scopes: readonly Scope[] } | undefined {
  const around = roots.filter(([, root]) => isWithin(real, root))
  const innermost = around.toSorted(([, left], [, right]) => right.length - left.length)[0]
  if (innermost === undefined) return undefined
  return { root: innermost[1], scopes: [...new Set(around.map(([scope]) => scope))] }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
}

function namesBelow(directory: string, path: string): readonly string[] {
  if (!isWithin(path, directory)) return []
  return path
    .slice(directory.length)
    .split(sep)
    .filter((name) => name !== '')
}

/** As agents name it, `/` between names. */
function shownPath(workspace: string, real: string): string {
  if (real === workspace) return '.'
  const shown = isWithin(real, workspace) ? namesBelow(workspace, real).join('/') : real
  return shown.replaceAll(sep, '/')
}

function fault(kind: PlaceFault['kind'], detail: string): Result<never, PlaceFault> {
  return err({ kind, detail })
}
