import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { FoundFiles } from '#activities/job-files-port.ts'
import type { Breath } from '#base/breath.ts'
import { rawText } from '#base/raw-text.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import { type FilePattern, type PatternName, readPattern } from '#domain/definition/file-pattern.ts'
import type { FileFault } from '#domain/run/command-report.ts'
import { type Advanced, advance, isAllUnwanted, type Progress } from './pattern-progress.ts'
import { rawPath } from './raw-path.ts'

/** Found by wildcards, they would change with every look at the repository. */
const VERSION_CONTROL: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', '.jj'])
const ANY_DEPTH: PatternName = { kind: 'any_depth' }
const NOTHING: Advanced = { matches: [], next: [] }

interface Walk {
  readonly directory: string
  readonly breath: Breath
  readonly own: OwnDirectories
  readonly found: Set<string>
  readonly matched: Set<string>
}

/** A directory on the way, and what may still match below it. */
interface Place {
  /** Relative to the job's directory, with its slash at the end. */
  readonly prefix: string
  readonly wanted: readonly Progress[]
  readonly unwanted: readonly Progress[]
}

/** Thrown within a walk only. */
class Fault extends Error {
  readonly fault: FileFault
  constructor(fault: FileFault) {
    super(fault.reason)
    this.fault = fault
  }
}

/** Directories of ours by their real paths, with their names, by which nearly all others are told from them at once. */
interface OwnDirectories {
  readonly paths: ReadonlySet<string>
  readonly names: ReadonlySet<string>
}

interface FindOptions {
  readonly breath: Breath
  readonly without: FoundFiles | undefined
  /**
   * Our own directories, which no wildcard enters: they change with every look, and whoever opens and closes one of our files
   * gives up the locks on it.
   */
  readonly own?: readonly string[]
}

/** Finds files below a directory by patterns, all patterns in one walk where they begin at the same place. */
export async function findFiles(
  directory: string,
  sources: readonly string[],
  { breath, without, own = [] }: FindOptions,
): Promise<Result<FoundFiles, FileFault>> {
  const read = readPatterns(sources)
  if (!read.ok) return read
  const patterns = read.value
  const walk: Walk = { directory, breath, own: ownDirectories(own), found: new Set(), matched: new Set() }
  const unwanted = patterns
    .filter(({ isExcluded }) => isExcluded)
    .map((pattern): Progress => ({ source: pattern.source, names: wholeNames(pattern), at: 0 }))
  try {
    for (const [base, group] of byBase(patterns.filter(({ isExcluded }) => !isExcluded)))
      await walkBase(walk, { base: JSON.parse(base), group, unwanted })
  } catch (error) {
    if (error instanceof Fault) return err(error.fault)
    throw error
  }
  for (const path of without?.paths ?? []) walk.found.delete(path)
  const left = patterns.filter(({ source, isExcluded }) => !isExcluded && !walk.matched.has(source))
  return ok({
    paths: [...walk.found].sort(),
    missing: namesOf(left.filter(({ isPath }) => isPath)),
    unmatched: namesOf(left.filter(({ isPath }) => !isPath)),
  })
}

function readPatterns(sources: readonly string[]): Result<readonly FilePattern[], FileFault> {
  const patterns: FilePattern[] = []
  for (const source of sources) {
    const read = readPattern(source)
    if (!read.ok) return err({ path: source, reason: `no pattern: ${read.error}` })
    patterns.push(...read.value)
  }
  return ok(patterns)
}

/** A pattern with alternatives has matched where one of them has. */
function namesOf(patterns: readonly FilePattern[]): readonly string[] {
  return [...new Set(patterns.map(({ source }) => source))]
}

function byBase(patterns: readonly FilePattern[]): Map<string, readonly FilePattern[]> {
  const groups = new Map<string, readonly FilePattern[]>()
  for (const pattern of patterns) {
    const key = JSON.stringify(pattern.base)
    groups.set(key, [...(groups.get(key) ?? []), pattern])
  }
  return groups
}

interface Base {
  readonly base: readonly string[]
  readonly group: readonly FilePattern[]
  readonly unwanted: readonly Progress[]
}

async function walkBase(walk: Walk, { base, group, unwanted: all }: Base): Promise<void> {
  const path = pathOf(base)
  const unwanted = alongBase(all, base)
  const found = unwanted === undefined ? undefined : look(walk, path)
  const literal = group.filter(({ rest }) => rest.length === 0)
  // What is left out on purpose is not missed.
  if (unwanted === undefined || found?.isDirectory() === true)
    for (const { source } of literal) walk.matched.add(source)
  if (unwanted === undefined || found === undefined) return
  if (found.isDirectory()) {
    const wanted = group.map(({ source, rest }) => ({ source, names: rest.length === 0 ? [ANY_DEPTH] : rest, at: 0 }))
    const prefix = path === '' || path.endsWith('/') ? path : `${path}/`
    await walkPlace(walk, { prefix, wanted, unwanted })
  } else for (const { source } of literal) take(walk, path, { source, is: found })
}

/** What may still be left out below this path; undefined where all of it is. */
function alongBase(all: readonly Progress[], base: readonly string[]): readonly Progress[] | undefined {
  let unwanted = all
  for (const name of base) {
    const step = advance(unwanted, name)
    if (isAllUnwanted(step)) return undefined
    unwanted = step.next
  }
  return unwanted
}

async function walkPlace(walk: Walk, place: Place): Promise<void> {
  const { prefix } = place
  if (await walk.breath.take()) throw new Fault({ path: prefix, reason: 'aborted' })
  for (const entry of entriesOf(walk, prefix)) {
    const steps = wantedSteps(place, entry.name)
    if (steps === undefined) continue
    const path = prefix + entry.name
    const is = entry.type !== undefined && isKnown(entry.type) ? entry.type : look(walk, path, lstatSync)
    const { next: wanted, matches } = steps.wanted
    if (is?.isDirectory() !== true) takeAll(walk, path, { matches, is })
    else if (wanted.length > 0 && !isOwn(walk, path, entry.name))
      await walkPlace(walk, { prefix: `${path}/`, wanted, unwanted: steps.unwanted })
  }
}

function ownDirectories(directories: readonly string[]): OwnDirectories {
  const paths = directories.flatMap((directory) => realPath(directory) ?? [])
  return { paths: new Set(paths), names: new Set(paths.map((path) => basename(path))) }
}

function isOwn({ directory, own }: Walk, path: string, name: string): boolean {
  if (!own.names.has(name)) return false
  const real = realPath(absolute(directory, path))
  return real !== undefined && own.paths.has(real)
}

function realPath(path: string | Buffer): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function takeAll(
  walk: Walk,
  path: string,
  { matches, is }: { readonly matches: readonly Progress[]; readonly is: Dirent | Stats | undefined },
): void {
  if (is !== undefined) for (const { source } of matches) take(walk, path, { source, is })
}

/** Undefined for a name that leads to nothing, or to what is left out. */
function wantedSteps(
  { wanted, unwanted }: Place,
  name: string,
): { readonly wanted: Advanced; readonly unwanted: readonly Progress[] } | undefined {
  const good = advance(wanted, name, VERSION_CONTROL.has(name))
  if (good.matches.length === 0 && good.next.length === 0) return undefined
  const bad = unwanted.length === 0 ? NOTHING : advance(unwanted, name)
  return isAllUnwanted(bad) ? undefined : { wanted: good, unwanted: bad.next }
}

function take(
  walk: Walk,
  path: string,
  { source, is }: { readonly source: string; readonly is: Dirent | Stats },
): void {
  if (!is.isFile() && !is.isSymbolicLink()) throw new Fault({ path, reason: 'special' })
  walk.found.add(path)
  walk.matched.add(source)
}

function wholeNames({ base, rest }: FilePattern): readonly PatternName[] {
  return [...base.map((text) => ({ kind: 'name' as const, text })), ...rest]
}

/** The root of an absolute path brings its slash along. */
function pathOf([first = '', ...others]: readonly string[]): string {
  return first.endsWith('/') ? first + others.join('/') : [first, ...others].join('/')
}

function isKnown(entry: Dirent): boolean {
  return entry.isFile() || entry.isDirectory() || entry.isSymbolicLink() || entry.isFIFO() || entry.isSocket()
}

interface Entry {
  readonly name: string
  /** Where the listing of the directory tells. */
  readonly type?: Dirent
}

function entriesOf({ directory }: Walk, prefix: string): readonly Entry[] {
  const place = absolute(directory, prefix)
  try {
    const types = readdirSync(place, { withFileTypes: true })
    // The runtime puts this mark in the place of bytes that are no UTF-8, and would find no such file.
    if (!types.some(({ name }) => name.includes('\ufffd'))) return types.map((type) => ({ name: type.name, type }))
    return readdirSync(place, { encoding: 'buffer' }).map((bytes) => ({ name: rawText(bytes) }))
  } catch (error) {
    return goneOr(error, prefix)
  }
}

/** A path that a pattern names leads where its links lead. */
function look({ directory }: Walk, path: string, stat: typeof statSync = statSync): Stats | undefined {
  try {
    const found = stat(absolute(directory, path), { throwIfNoEntry: false })
    // A link that leads nowhere is there all the same.
    return found ?? lstatSync(absolute(directory, path), { throwIfNoEntry: false })
  } catch (error) {
    goneOr(error, path)
    return undefined
  }
}

function goneOr(error: unknown, path: string): readonly never[] {
  const reason = reasonOf(error)
  if (reason === 'ENOENT' || reason === 'ENOTDIR') return []
  throw new Fault({ path: path === '' ? '.' : path, reason })
}

export function absolute(directory: string, path: string): string | Buffer {
  // Not by the runtime's join, which spoils names that are not UTF-8.
  return rawPath(/^(?:[A-Za-z]:)?\//.test(path) ? path : `${directory}/${path}`)
}
