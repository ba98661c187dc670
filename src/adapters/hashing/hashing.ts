import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { HashPort } from '#app/hash-port.ts'
import { hasRawBytes, rawBytes, rawText } from '#base/raw-text.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { findFiles } from './find-files.ts'
import { type LaneOptions, runLanes } from './lanes.ts'
import { look } from './look.ts'
import { pathName } from './path-name.ts'
import { real } from './real.ts'
import { typedDirectory, typedWords } from './typed-words.ts'

/** Hashes files of this machine, seen from the current directory. */
export function hashing(currentDirectory: string, options: LaneOptions): HashPort {
  const directory = typedDirectory(currentDirectory)
  const at = (name: string) => resolveRaw(directory, name)
  return {
    exact: typedWords,
    at,
    real,
    look,
    walk: findFiles,
    readManifest: async (name, stop) => await untilStopped(readAll(name === '-' ? name : at(name), stop), stop),
    hash: async (tasks, watch) => await runLanes(tasks, watch, options),
  }
}

/** Bun's own would lose bytes that are no UTF-8; where there are some, it sees each byte as a character. */
function resolveRaw(directory: string, name: string): string {
  if (!hasRawBytes(directory) && !hasRawBytes(name)) return resolve(directory, name)
  const [from, to] = [directory, name].map((path) => Buffer.from(rawBytes(path)).toString('latin1'))
  return rawText(Buffer.from(resolve(from ?? '', to ?? ''), 'latin1'))
}

/** Piece by piece: it may come through a pipe, and somebody may lose patience. */
async function readAll(path: string, stop: AbortSignal): Promise<Result<Uint8Array, Failure>> {
  const pieces: Uint8Array[] = []
  try {
    const stream = path === '-' ? createReadStream('', { fd: 0, autoClose: false }) : createReadStream(pathName(path))
    for await (const piece of stream) {
      if (stop.aborted) break
      pieces.push(piece)
    }
    return ok(Buffer.concat(pieces))
  } catch (error) {
    return err({ code: 'file_unreadable', path, reason: reasonOf(error) })
  }
}

/** Nobody waits for a pipe that nobody writes to, once they want no more. */
async function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  const stopped = Promise.withResolvers<undefined>()
  const end = () => stopped.resolve(undefined)
  stop.addEventListener('abort', end, { once: true })
  if (stop.aborted) end()
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    stop.removeEventListener('abort', end)
  }
}
