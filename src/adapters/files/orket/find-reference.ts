import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, posix, resolve } from 'node:path'
import { BUILT_IN_FLOWS, isBuiltInFile } from './built-in-files.ts'

/** The kinds of files, by the folders that they lie in. */
const FOLDERS = {
  flow: ['flow', 'flows', 'project', 'projects', 'epic', 'epics', 'rock', 'rocks', 'venue', 'venues'],
  epic: ['epic', 'epics'],
  band: ['band', 'bands', 'team', 'teams'],
  role: ['role', 'roles'],
  score: ['score', 'scores', 'sequence', 'sequences'],
  venue: ['venue', 'venues', 'environment', 'environments'],
} as const
/** A file without a folder of its own is named by its path only. */
export type FileKind = keyof typeof FOLDERS | 'file'

/** Where a search begins. */
export interface SearchPlace {
  readonly currentDirectory: string
  /** The file that has the reference; undefined where somebody typed it. */
  readonly from?: FilePlace | undefined
  /** Another department than that of the file. */
  readonly department?: string | undefined
  /** Whether nothing counts but what lies beside the file. */
  readonly isBesideOnly?: boolean
}

/** A file that is there: on this machine by its absolute path, or built in by its path in our repository. */
export interface FilePlace {
  readonly path: string
  readonly isBuiltIn: boolean
}

/** A file by its name or path: as seen from the file, then from the model's folder, then from here, then built in. */
export function findReference(reference: string, kind: FileKind, place: SearchPlace): FilePlace | undefined {
  // Files that were written on Windows name their paths so.
  const path = reference.replaceAll('\\', '/')
  const named = builtIn(BUILT_IN_FLOWS.includes(path) ? `configs/flows/${path}/flow.json` : posix.normalize(path))
  if (place.from?.isBuiltIn === true)
    return (
      builtIn(posix.join(posix.dirname(place.from.path), path)) ?? (place.isBesideOnly === true ? undefined : named)
    )
  const found = candidatePaths(path, kind, place).find(isFile)
  if (found !== undefined) return { path: found, isBuiltIn: false }
  return place.isBesideOnly === true ? undefined : named
}

function builtIn(path: string): FilePlace | undefined {
  return isBuiltInFile(path) ? { path, isBuiltIn: true } : undefined
}

/** Whether the text is a path, and no name. */
function isPath(reference: string): boolean {
  return reference.includes('/') || /\.json$/i.test(reference)
}

/** The names that a reference of this kind could have. */
export function namesOf(kind: FileKind, place: SearchPlace): readonly string[] {
  if (kind === 'file') return []
  const folders = modelFolders(place)
  const names = folders.flatMap((folder) => FOLDERS[kind].flatMap((name) => jsonNames(join(folder, name))))
  const own = kind === 'flow' ? [...BUILT_IN_FLOWS, ...folderNames(join(place.currentDirectory, OWN_FLOWS))] : []
  return [...new Set([...names, ...own])].sort()
}

const OWN_FLOWS = 'configs/flows'

function candidatePaths(path: string, kind: FileKind, place: SearchPlace): readonly string[] {
  if (kind !== 'file' && !isPath(path)) {
    const named = modelFolders(place).flatMap((folder) =>
      FOLDERS[kind].map((name) => join(folder, name, `${path}.json`)),
    )
    return kind === 'flow' ? [...named, ...ownFlows(path, place)] : named
  }
  const ends = kind === 'file' || /\.json$/i.test(path) ? [path] : [path, `${path}.json`, `${path}/flow.json`]
  if (isAbsolute(path)) return ends
  if (place.from !== undefined && place.isBesideOnly === true) return [join(dirname(place.from.path), path)]
  const bases = place.from === undefined ? [] : [dirname(place.from.path), ...modelFolders(place)]
  return [...bases, place.currentDirectory].flatMap((base) => ends.map((end) => resolve(base, end)))
}

/** A flow of ours is a folder of its own, and any flow may lie in the current directory. */
function ownFlows(name: string, { currentDirectory }: SearchPlace): readonly string[] {
  return [join(currentDirectory, OWN_FLOWS, name, 'flow.json'), join(currentDirectory, `${name}.json`)]
}

/**
 * The folders that the folders of the kinds lie in: that of the file and the one around it, the department that all
 * others share, and those of the current directory.
 */
function modelFolders({ from, department, currentDirectory }: SearchPlace): readonly string[] {
  const here = from === undefined ? [] : [dirname(from.path)]
  const around = here.flatMap((folder) => {
    const own = dirname(folder)
    return department === undefined ? [own, join(own, '..', 'core')] : [join(own, '..', department), own]
  })
  const usual = ['model', ...(department === undefined ? [] : [`model/${department}`]), 'model/core', 'configs']
  return [...here, ...around, ...usual.map((folder) => join(currentDirectory, folder))]
}

function jsonNames(folder: string): readonly string[] {
  return folderNames(folder).flatMap((name) => (/\.json$/i.test(name) ? [basename(name).replace(/\.json$/i, '')] : []))
}

function folderNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
