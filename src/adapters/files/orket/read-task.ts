import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { TaskFile } from '#domain/orket/words.ts'
import { decodeText } from '../config-text.ts'
import { findReference } from './find-reference.ts'
import { fileBytes, type JsonFile } from './json-file.ts'
import { Reading } from './reading.ts'

/** The task in a file, with the path of the file as it was found: the description of a JSON file, the text of any other. */
export function readTask(
  path: string,
  currentDirectory: string,
): Result<{ readonly text: string; readonly path: string }, Failure> {
  const place = findReference(path, 'file', { currentDirectory })
  if (place === undefined) return err({ code: 'file_unreadable', path, reason: 'ENOENT' })
  const bytes = fileBytes(place)
  if (!bytes.ok) return err({ code: 'file_unreadable', path: place.path, reason: bytes.error })
  if (!/\.json$/i.test(place.path)) {
    const text = decodeText(bytes.value)
    if (!text.ok) return err({ code: 'file_unreadable', path: place.path, reason: 'not_text' })
    if (text.value.trim() === '') return err({ code: 'file_unreadable', path: place.path, reason: 'empty' })
    return ok({ text: text.value.trim(), path: place.path })
  }
  const reading = new Reading(currentDirectory)
  const file = reading.open(place)
  const text = file !== undefined && 'value' in file ? textOfTask(reading, file) : undefined
  const { problems } = reading
  if (text === undefined || problems.length > 0) return err({ code: 'flow_invalid', flow: path, files: [...problems] })
  return ok({ text, path: place.path })
}

export function textOfTask(reading: Reading, file: JsonFile): string | undefined {
  return reading.checked(file, TaskFile)?.description
}
