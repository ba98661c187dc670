import type { Failure } from '#domain/failure.ts'
import type { HashPort } from './hash-port.ts'

/** A file that is to be hashed. */
export interface HashTarget {
  /** As it was named, or below what was named: what a manifest calls it. */
  readonly name: string
  /** Absolute. */
  readonly path: string
}

/** What was found under the names that were given. */
export interface HashPlan {
  /** In the order of the names; the files of a directory in the order of their bytes. */
  readonly targets: readonly HashTarget[]
  readonly failures: readonly Failure[]
  /** Links to directories within directories. */
  readonly notEntered: readonly string[]
  /** In all; undefined where directories were searched, whose files nobody weighs beforehand. */
  readonly bytes: number | undefined
}

export interface PlanOptions {
  readonly stop: AbortSignal
  /** The real path of a file that is not looked for in directories. */
  readonly leaveOut: string | undefined
  readonly found: (files: number) => void
}

/** Looks up what was named: files as they are, directories with all that is below them. */
export async function planHash(names: readonly string[], port: HashPort, options: PlanOptions): Promise<HashPlan> {
  const parts: HashPlan[] = []
  for (const name of names) {
    if (options.stop.aborted) break
    parts.push(await planOne(name, port, options))
  }
  const weights = parts.flatMap(({ bytes }) => bytes ?? [])
  return {
    targets: parts.flatMap(({ targets }) => targets),
    failures: parts.flatMap(({ failures }) => failures),
    notEntered: parts.flatMap(({ notEntered }) => notEntered),
    bytes: weights.length === parts.length ? weights.reduce((sum, bytes) => sum + bytes, 0) : undefined,
  }
}

async function planOne(name: string, port: HashPort, options: PlanOptions): Promise<HashPlan> {
  const path = port.at(name)
  const looked = name === '' ? MISSING : port.look(path)
  if (looked.kind === 'failure') return { ...NOTHING, failures: [looked.failure] }
  if (looked.kind === 'file') return { ...NOTHING, targets: [{ name, path }], bytes: looked.bytes }
  const { files, failures, notEntered } = await port.walk(path, options)
  const targets = files.map((file) => ({ name: below(name, path, file), path: file }))
  return { targets, failures, notEntered, bytes: undefined }
}

const NOTHING: HashPlan = { targets: [], failures: [], notEntered: [], bytes: 0 }

/** An empty name would be the current directory, which is hardly what an unset variable was meant to name. */
const MISSING = { kind: 'failure', failure: { code: 'file_missing', path: '' } } as const

/** With a slash on Windows, too, so that other systems can check what was written there. */
function below(name: string, directory: string, file: string): string {
  const isWindows = /^(?:[A-Za-z]:)?\\/.test(directory)
  const rest = file.slice(directory.length)
  if (isWindows) return `${name.replace(/[/\\]+$/, '')}/${rest.replaceAll('\\', '/').replace(/^\//, '')}`
  return `${name.replace(/\/+$/, '')}/${rest.replace(/^\//, '')}`
}
