import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { sep } from 'node:path'
import type { Walked, WalkOptions } from '#app/hash-port.ts'
import { rawText, sortByBytes } from '#base/raw-text.ts'
import type { Failure } from '#domain/failure.ts'
import { look, whyNot } from './look.ts'
import { pathName } from './path-name.ts'
import { real } from './real.ts'

/** After so long without a pause, signals and the terminal are looked after. */
const SLICE_MS = 20
/** What Bun makes of a byte that is no UTF-8. */
const LOST = '\ufffd'

interface Finding {
  readonly files: string[]
  readonly failures: Failure[]
  readonly notEntered: string[]
  /** The real path of what is no part of it, and the paths that lead there. */
  readonly leaveOut: string | undefined
  readonly leftOut: Set<string>
}

/** All files below a directory: a link to a file counts as one, a link to a directory is named and not entered. */
export async function findFiles(directory: string, { leaveOut, stop, found }: WalkOptions): Promise<Walked> {
  const finding: Finding = { files: [], failures: [], notEntered: [], leaveOut, leftOut: new Set() }
  if (leaveOut !== undefined) leaveOutOf(directory, finding)
  const open = [directory]
  let pauseAt = performance.now() + SLICE_MS
  for (let next = open.pop(); next !== undefined && !stop.aborted; next = open.pop()) {
    open.push(...lookInto(next, finding))
    if (performance.now() < pauseAt) continue
    found(finding.files.length)
    await new Promise(setImmediate)
    pauseAt = performance.now() + SLICE_MS
  }
  const files = sortByBytes(finding.files.filter((path) => !finding.leftOut.has(path)))
  return { files, failures: finding.failures, notEntered: finding.notEntered }
}

/** Directories within are never entered by links, so below the real path of the directory all paths are real. */
function leaveOutOf(directory: string, { leaveOut = '', leftOut }: Finding): void {
  const within = (path: string) => (path.endsWith(sep) ? path : path + sep)
  const base = within(real(directory))
  if (leaveOut.startsWith(base)) leftOut.add(within(directory) + leaveOut.slice(base.length))
}

/** Sorts what is in a directory, and returns the directories in it. */
function lookInto(directory: string, finding: Finding): readonly string[] {
  const directories: string[] = []
  const base = directory.endsWith(sep) ? directory : directory + sep
  try {
    for (const entry of entriesOf(directory)) {
      const path = base + entry.name
      if (entry.isFile()) finding.files.push(path)
      else if (entry.isDirectory()) directories.push(path)
      else sort(path, finding, directories)
    }
  } catch (error) {
    finding.failures.push(whyNot(directory, error))
  }
  return directories
}

/** Neither plainly a file nor a directory: a link, something special, or a file system that does not say. */
function sort(path: string, finding: Finding, directories: string[]): void {
  const looked = look(path)
  if (finding.leaveOut !== undefined && real(path) === finding.leaveOut) finding.leftOut.add(path)
  if (looked.kind === 'file') finding.files.push(path)
  else if (looked.kind === 'failure') finding.failures.push(looked.failure)
  else if (lstatSync(pathName(path)).isSymbolicLink()) finding.notEntered.push(path)
  else directories.push(path)
}

type Entry = Pick<Dirent, 'name' | 'isFile' | 'isDirectory'>

/** Bun gives names as text or as bytes, and kinds only with text: where a text lost bytes, the kinds are asked for. */
function entriesOf(directory: string): readonly Entry[] {
  const entries = readdirSync(pathName(directory), { withFileTypes: true })
  if (!entries.some(({ name }) => name.includes(LOST))) return entries
  const whole = new Map(entries.map((entry) => [entry.name, entry]))
  return readdirSync(pathName(directory), { encoding: 'buffer' }).map((bytes) => {
    const name = rawText(bytes)
    return whole.get(name) ?? { name, ...UNKNOWN_KIND }
  })
}

const no = () => false
const UNKNOWN_KIND = { isFile: no, isDirectory: no }
