import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { ConfigPlace, ConfigSource, LoadedFile } from '#app/config-port.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { decodeText } from './config-text.ts'
import type { ProjectHere } from './effective-config.ts'
import { PROJECT_FILE } from './find-project.ts'
import { loadBytes, loadFile } from './load-file.ts'
import { placesOf } from './toml-places.ts'

/** Reads and checks a file, as that of a project if it is called so. */
export async function checkFile(path: string): Promise<Result<LoadedFile, Failure>> {
  return await loadFile(path, { isProject: basename(path) === PROJECT_FILE, isDeep: true })
}

/** The same of one that was read already, with the places of what is wrong with its graphs. */
export async function checkGraphs({ path, bytes, kind }: ConfigSource): Promise<Result<LoadedFile, Failure>> {
  return await loadBytes(path, bytes, { isProject: kind === 'project', isDeep: true })
}

/** The line of each key, by its path. */
export function keyLines(bytes: Uint8Array): (path: readonly string[]) => number | undefined {
  const text = decodeText(bytes)
  if (!text.ok) return () => undefined
  const places = placesOf(text.value)
  return (path) => (places.key(path) ?? places.header(path))?.start.line
}

/** The files that count, in the order in which later ones win. */
export function placesHere(at: {
  readonly path: string
  readonly isNamed: boolean
  readonly here: ProjectHere
}): readonly ConfigPlace[] {
  const own: ConfigPlace = {
    kind: at.isNamed ? 'named' : 'user',
    path: at.path,
    state: existsSync(at.path) ? 'there' : 'absent',
    files: [],
  }
  const { here } = at
  if (here.state === 'none') return [own]
  if (here.state === 'trusted') return [own, { kind: 'project', path: here.found.path, state: 'there', files: [] }]
  const { path, reason: state, files } = here.untrusted
  return [own, { kind: 'project', path, state, files }]
}
