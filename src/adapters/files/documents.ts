import {
  createReadStream,
  createWriteStream,
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Documents } from '#app/documents-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { readRegular } from './open-regular.ts'
import { draftOf } from './own-file.ts'

/** Files by their paths, seen from the current directory. */
export function documentFiles(currentDirectory: string): Documents {
  const at = (path: string) => resolve(currentDirectory, path)
  return {
    names: (directory) => namesIn(at(directory)),
    // Who opens a pipe to which nobody writes waits for ever.
    files: (directory) => namesIn(at(directory)).filter((name) => isFile(resolve(at(directory), name))),
    writeText: async (path, text) => {
      const written = await writeLines(at(path), once(text.replace(/\n$/, '')))
      return written.ok ? ok() : written
    },
    readText: async (path) => {
      try {
        return ok(readRegular(at(path)))
      } catch (error) {
        return err({ code: 'file_unreadable', path: at(path), reason: reasonOf(error) })
      }
    },
    readInput,
    readBytes: (path) => createReadStream(at(path)),
    writeLines: async (path, lines) => await writeLines(at(path), lines),
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const MOST_INPUT_BYTES = 5 * 1024 * 1024

async function readInput(): Promise<Result<string, Failure>> {
  const path = '-'
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of Bun.stdin.stream()) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes > MOST_INPUT_BYTES) return err({ code: 'file_unreadable', path, reason: 'too_large' })
    }
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)))
  } catch (error) {
    return err({ code: 'file_unreadable', path, reason: error instanceof TypeError ? 'not_text' : reasonOf(error) })
  }
}

async function* once(text: string): AsyncGenerator<Result<string, Failure>> {
  yield ok(text)
}

type Lines = AsyncIterable<Result<string | Uint8Array, Failure>>

async function writeLines(path: string, lines: Lines): Promise<Result<number, Failure>> {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory() === true) return err({ code: 'file_unwritable', path, reason: 'EISDIR' })
    // A device or a pipe passes lines on as they come; to put a file in its place would break what it is for.
    if (found?.isFile() === false) return await pour(path, lines)
    return await replace(realPath(path), lines, found?.mode)
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: reasonOf(error) })
  }
}

/** Where links lead to, also where nothing is there yet: the link stays, and the file behind it is written. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return isLink ? realPath(resolve(dirname(path), readlinkSync(path))) : path
}

async function replace(path: string, lines: Lines, mode = 0o600): Promise<Result<number, Failure>> {
  const draft = draftOf(path)
  try {
    const poured = await pour(draft, lines, mode & 0o777)
    if (poured.ok) renameSync(draft, path)
    return poured
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Writes the lines; the first failure among them ends it. Throws what the operating system says. */
async function pour(path: string, lines: Lines, mode?: number): Promise<Result<number, Failure>> {
  const state: { count: number; failure?: Failure } = { count: 0 }
  async function* text(): AsyncGenerator<string | Uint8Array> {
    for await (const line of lines) {
      if (!line.ok) {
        state.failure = line.error
        return
      }
      state.count += 1
      yield typeof line.value === 'string' ? `${line.value}\n` : Buffer.concat([line.value, LINE_FEED])
    }
  }
  const [{ Readable }, { pipeline }] = await Promise.all([import('node:stream'), import('node:stream/promises')])
  await pipeline(Readable.from(text()), createWriteStream(path, mode === undefined ? {} : { mode, flags: 'wx' }))
  return state.failure === undefined ? ok(state.count) : err(state.failure)
}

const LINE_FEED = Buffer.from('\n')
