import type { Digest } from '#base/digest.ts'
import { sha256 } from '#base/digest.ts'
import { type PlacedJson, readPlacedJson } from '#base/json-places.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { FileProblems } from '#domain/definition/config-problem.ts'
import type { Finding } from '../config-finding.ts'
import { syntaxProblem } from '../config-syntax.ts'
import { decodeText } from '../config-text.ts'
import { readBytes } from '../load-file.ts'
import { locate } from '../locate.ts'
import type { Places } from '../toml-places.ts'
import { builtInText } from './built-in-files.ts'
import type { FilePlace } from './find-reference.ts'

/** A JSON file that was read once: what is checked is what counts. */
export interface JsonFile {
  readonly place: FilePlace
  readonly digest: Digest
  readonly value: unknown
  /** These things that are wrong with the file, each at its place. */
  readonly problems: (findings: readonly Finding[]) => FileProblems
}

/** The bytes of a file; why there are none, by the operating system's name for it. */
export function fileBytes({ path, isBuiltIn }: FilePlace): Result<Uint8Array, string> {
  if (isBuiltIn) return ok(new TextEncoder().encode(builtInText(path)))
  // A pipe or a device is refused at once, as in any directory that somebody enters.
  const bytes = readBytes(path, { isProject: true })
  if (bytes.ok) return bytes
  return err(bytes.error.code === 'config_unreadable' ? bytes.error.reason : 'ENOENT')
}

export function readJsonFile(place: FilePlace, bytes: Uint8Array): Result<JsonFile, FileProblems> {
  const { path } = place
  const text = decodeText(bytes)
  if (!text.ok) return err({ path, problems: [{ ...text.error, kind: 'not_json' }] })
  const read = readPlacedJson(text.value)
  if ('reason' in read) {
    const at = { line: read.at.line, column: read.at.column + 1, found: read.reason }
    return err({ path, problems: [{ ...syntaxProblem(text.value, at), kind: 'not_json' }] })
  }
  const problems = (findings: readonly Finding[]) => ({ path, ...locate(text.value, findings, () => placesOf(read)) })
  return ok({ place, digest: sha256(bytes), value: read.value, problems })
}

function placesOf({ keyAt, valueAt }: PlacedJson): Places {
  return { key: keyAt, value: valueAt, header: () => undefined }
}
