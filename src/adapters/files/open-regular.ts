import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** In the place of a system's error, and with a code as one. */
class NotAFile extends Error {
  readonly code = 'not_a_file'
}

/**
 * Opens a file to be read. Throws what the operating system says, and for a pipe or a device: whoever waits for one
 * cannot be stopped. That a directory is none is said when it is read.
 */
export function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  const stat = fstatSync(file)
  if (stat.isFile() || stat.isDirectory()) return file
  closeSync(file)
  throw new NotAFile(path)
}

/** The text of a file, under the same conditions. */
export function readRegular(path: string): string {
  const file = openRegular(path)
  try {
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}
