import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plans } from '#app/plans-port.ts'
import { err, ok } from '#base/result.ts'

const KEPT_FILES = 100

/** Plans as files of `directory`, each called by its digest; the oldest give way. */
export function planFiles(directory: string): Plans {
  return {
    write: (digest, text) => {
      const path = join(directory, `${digest}.json`)
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 })
        const draft = join(directory, `.${process.pid}.tmp`)
        writeFileSync(draft, text, { mode: 0o600 })
        renameSync(draft, path)
        prune(directory)
        return ok()
      } catch (error) {
        const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
        return err({ code: 'file_unwritable', path, reason })
      }
    },
    find: (prefix) => {
      const names = list(directory).filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
      return names.slice(0, 2).map((name) => readFileSync(join(directory, name), 'utf8'))
    },
  }
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function prune(directory: string): void {
  const names = list(directory)
  if (names.length <= KEPT_FILES) return
  const byAge = names.map((name) => ({ name, age: statSync(join(directory, name)).mtimeMs }))
  byAge.sort((left, right) => right.age - left.age)
  for (const { name } of byAge.slice(KEPT_FILES)) rmSync(join(directory, name), { force: true })
}
