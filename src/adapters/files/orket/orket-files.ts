import type { OrketFiles } from '#app/orket-port.ts'
import { findReference } from './find-reference.ts'
import { readFlow } from './read-flow.ts'
import { readTask } from './read-task.ts'

/** Orket's files as seen from a directory, and those that are built in. */
export function orketFiles(currentDirectory: string): OrketFiles {
  return {
    readFlow: async (reference, options) => readFlow(reference, options, currentDirectory),
    readTask: async (path) => readTask(path, currentDirectory),
    isFile: (path) => findReference(path, 'file', { currentDirectory }) !== undefined,
  }
}
