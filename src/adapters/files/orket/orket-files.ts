import { mkdirSync } from 'node:fs'
import type { OrketFiles } from '#app/orket-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { findReference } from './find-reference.ts'
import { readFlow } from './read-flow.ts'
import { readTask, readText } from './read-task.ts'

/** Orket's files as seen from a directory, and those that are built in. */
export function orketFiles(currentDirectory: string): OrketFiles {
  return {
    readFlow: async (reference, options) => readFlow(reference, options, currentDirectory),
    readTask: async (path) => readTask(path, currentDirectory),
    readText: async (path) => readText(path, currentDirectory),
    makeDirectory: async (path) => makeDirectory(path),
    isFile: (path) => findReference(path, 'file', { currentDirectory }) !== undefined,
  }
}

function makeDirectory(path: string): Result<void, Failure> {
  try {
    mkdirSync(path, { recursive: true })
    return ok()
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: reasonOf(error) })
  }
}
