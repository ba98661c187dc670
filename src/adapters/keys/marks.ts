import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Mark, Marks, StoreMark } from '#app/proof-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { systemCode } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'

/**
 * A mark is the name of an empty file, `<size>-<hash>`, and the highest one counts: so two processes that raise it at
 * once need no lock, none can lower it, and there is no half-written mark.
 */
export function marks(directory: string): Marks {
  const folderOf = (store: string) => join(directory, 'marks', safeName(store))
  return {
    highest: (store) => attempt(directory, () => list(folderOf(store)).at(-1)?.mark),
    others: (store) => attempt(directory, () => listOthers(join(directory, 'marks'), store)),
    raise: (store, mark) =>
      attempt(directory, () => {
        const folder = folderOf(store)
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        const name = `${mark.size}-${mark.hash}`
        closeSync(openSync(join(folder, name), 'a', 0o600))
        for (const lower of list(folder)) {
          if (lower.mark.size < mark.size) rmSync(join(folder, lower.name), { force: true })
        }
      }),
    forget: (store) => attempt(directory, () => rmSync(folderOf(store), { recursive: true, force: true })),
  }
}

/** A store's id comes out of a file that anyone may have written, and a folder is read and removed by it. */
function safeName(store: string): string {
  return isId(store) ? store : 'unknown'
}

function isId(name: string): boolean {
  return /^[0-9a-z]{26}$/.test(name)
}

function listOthers(folder: string, own: string | undefined): readonly StoreMark[] {
  const stores = namesIn(folder).filter((store) => isId(store) && store !== own)
  return stores.sort().flatMap((store) => {
    const highest = list(join(folder, store)).at(-1)
    return highest === undefined ? [] : [{ store, ...highest.mark }]
  })
}

function list(folder: string): readonly { readonly name: string; readonly mark: Mark }[] {
  const found: { readonly name: string; readonly mark: Mark }[] = []
  for (const name of namesIn(folder)) {
    const match = /^([1-9][0-9]*)-([0-9a-f]{64})$/.exec(name)
    if (match !== null) found.push({ name, mark: { size: Number(match[1]), hash: String(match[2]) } })
  }
  return found.sort((left, right) => left.mark.size - right.mark.size)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

function attempt<T>(path: string, work: () => T): Result<T, Failure> {
  try {
    return ok(work())
  } catch (error) {
    return err({ code: 'file_unwritable', path, reason: error instanceof Error ? error.message : String(error) })
  }
}
