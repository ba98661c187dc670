import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FlowSpaces } from '#app/orket-port.ts'
import { Permissions, WritePolicy, writeScopeOf } from '#domain/orket/permissions.ts'
import { type Finding, isTable } from '../config-finding.ts'
import { findReference } from './find-reference.ts'
import type { JsonFile } from './json-file.ts'
import type { Reading } from './reading.ts'

/** From where files are read, and the directory that was asked for. */
export interface Here {
  readonly workspace?: string | undefined
  readonly currentDirectory: string
}

/** Where a file of permissions is looked for, seen from the current directory. */
const PERMISSIONS = ['orket/permissions.json', 'configs/permissions.json', 'model/permissions.json']
const WRITE_POLICY = 'orket/policy.json'

/** Where agents may read and write. Relative paths count from where the program was started. */
export function spacesOf(reading: Reading, file: JsonFile, { workspace, currentDirectory }: Here): FlowSpaces {
  const at = (path: string) => resolve(currentDirectory, path.replaceAll('\\', '/'))
  const [permissionsFile, policyFile] = permissionFiles(reading, file, currentDirectory)
  const permissions = permissionsFile && reading.checked(permissionsFile, Permissions)
  const policy = policyFile && reading.checked(policyFile, WritePolicy)
  const { spaces = {}, policy: scopes = {} } = permissions ?? {}
  const references = [
    ...directories(reading, { file, path: ['references'], at }),
    ...(permissionsFile
      ? directories(reading, { file: permissionsFile, path: ['spaces', 'reference_spaces'], at })
      : []),
  ]
  const writable = (spaces.workspaces ?? []).map(at)
  return {
    workspace: at(workspace ?? writable[0] ?? 'workspace/default'),
    references: [...new Set(references)],
    domain: at(spaces.work_domain ?? '.'),
    readScope: scopes.read_scope ?? ['workspace', 'reference', 'domain'],
    writeScope: scopes.write_scope ?? (policy && writeScopeOf(policy)) ?? ['workspace'],
    others: writable.filter((path) => path !== at(workspace ?? writable[0] ?? '')),
  }
}

function permissionFiles(
  reading: Reading,
  file: JsonFile,
  currentDirectory: string,
): readonly [JsonFile | undefined, JsonFile | undefined] {
  const named = reading.follow(file, ['filesystem', 'permissions_file'], 'file')
  const policy = reading.follow(file, ['filesystem', 'policy_file'], 'file')
  return [
    named ?? usual(reading, PERMISSIONS, currentDirectory),
    policy ?? usual(reading, [WRITE_POLICY], currentDirectory),
  ]
}

function usual(reading: Reading, paths: readonly string[], currentDirectory: string): JsonFile | undefined {
  for (const path of paths) {
    const place = findReference(resolve(currentDirectory, path), 'file', { currentDirectory })
    const file = place && reading.open(place)
    if (file !== undefined && 'value' in file) return file
  }
  return undefined
}

interface Listed {
  readonly file: JsonFile
  readonly path: Finding['path']
  readonly at: (path: string) => string
}

/** Directories that a file lists; one that is not there is told at its place. */
function directories(reading: Reading, { file, path, at }: Listed): readonly string[] {
  const list = path.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), file.value)
  if (!Array.isArray(list)) return []
  return list.flatMap((each: unknown, index) => {
    if (typeof each !== 'string' || each === '') return []
    const directory = at(each)
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
      const found = `${JSON.stringify(each)}, and there is none`
      reading.blame(file, [{ kind: 'bad_value', path: [...path, index], at: 'value', expected: 'a directory', found }])
    }
    return [directory]
  })
}
