import { createReadStream, createWriteStream, readFileSync, renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Documents } from '#app/documents-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** Files by their paths, seen from the current directory. */
export function documentFiles(currentDirectory: string): Documents {
  const at = (path: string) => resolve(currentDirectory, path)
  return {
    readText: async (path) => {
      try {
        return ok(readFileSync(at(path), 'utf8'))
      } catch (error) {
        return err({ code: 'file_unreadable', path: at(path), reason: reasonOf(error) })
      }
    },
    readBytes: (path) => createReadStream(at(path)),
    writeLines: async (path, lines) => await writeLines(at(path), lines),
  }
}

async function writeLines(
  path: string,
  lines: AsyncIterable<Result<string, Failure>>,
): Promise<Result<number, Failure>> {
  const draft = `${path}.${process.pid}.tmp`
  const state: { count: number; failure?: Failure } = { count: 0 }
  async function* text(): AsyncGenerator<string> {
    for await (const line of lines) {
      if (!line.ok) {
        state.failure = line.error
        return
      }
      state.count += 1
      yield `${line.value}\n`
    }
  }
  try {
    const [{ Readable }, { pipeline }] = await Promise.all([import('node:stream'), import('node:stream/promises')])
    await pipeline(Readable.from(text()), createWriteStream(draft))
    if (state.failure === undefined) renameSync(draft, path)
  } catch (error) {
    state.failure = { code: 'file_unwritable', path, reason: reasonOf(error) }
  }
  if (state.failure === undefined) return ok(state.count)
  rmSync(draft, { force: true })
  return err(state.failure)
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
