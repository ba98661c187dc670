import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { TaskFile } from '#domain/orket/words.ts'
import { decodeText } from '../config-text.ts'
import { type FilePlace, findReference } from './find-reference.ts'
import { fileBytes, type JsonFile } from './json-file.ts'
import { Reading } from './reading.ts'

interface FoundTask {
  readonly text: string
  readonly script?: string
}

/** The task in a file: the description of a JSON file, the text of any other. */
export function readTask(path: string, currentDirectory: string): Result<FoundTask, Failure> {
  const place = findReference(path, 'file', { currentDirectory })
  if (place === undefined) return err({ code: 'file_unreadable', path, reason: 'ENOENT' })
  const text = isJson(place) ? jsonTask(place, path, currentDirectory) : plainTask(path, currentDirectory)
  if (!text.ok) return text
  const script = scriptBeside(place, currentDirectory)
  return ok({ text: text.value, ...(script !== undefined && { script }) })
}

/** The replies that go with a task lie beside it. */
export function scriptBeside(place: FilePlace, currentDirectory: string): string | undefined {
  return findReference('./script.json', 'file', { currentDirectory, from: place, isBesideOnly: true })?.path
}

/** The text of a file, found as a task's is. */
export function readText(path: string, currentDirectory: string): Result<string, Failure> {
  const place = findReference(path, 'file', { currentDirectory })
  if (place === undefined) return err({ code: 'file_unreadable', path, reason: 'ENOENT' })
  const bytes = fileBytes(place)
  if (!bytes.ok) return err({ code: 'file_unreadable', path: place.path, reason: bytes.error })
  const text = decodeText(bytes.value)
  return text.ok ? text : err({ code: 'file_unreadable', path: place.path, reason: 'not_text' })
}

function isJson({ path }: FilePlace): boolean {
  return /\.json$/i.test(path)
}

function plainTask(path: string, currentDirectory: string): Result<string, Failure> {
  const text = readText(path, currentDirectory)
  if (!text.ok) return text
  const task = text.value.trim()
  return task === '' ? err({ code: 'file_unreadable', path, reason: 'empty' }) : ok(task)
}

function jsonTask(place: FilePlace, path: string, currentDirectory: string): Result<string, Failure> {
  const reading = new Reading(currentDirectory)
  const file = reading.open(place)
  if (file !== undefined && 'unreadable' in file)
    return err({ code: 'file_unreadable', path: place.path, reason: file.unreadable })
  const text = file && textOfTask(reading, file)
  const { problems } = reading
  if (text === undefined || problems.length > 0) return err({ code: 'flow_invalid', flow: path, files: [...problems] })
  return ok(text)
}

export function textOfTask(reading: Reading, file: JsonFile): string | undefined {
  return reading.checked(file, TaskFile)?.description
}
