import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plans } from '#app/plans-port.ts'
import { err, ok } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import { keepNewest, quietly, writeOwn } from './own-file.ts'

const KEPT_FILES = 100

/** Plans as files of `directory`, each called by its digest; the oldest give way. */
export function planFiles(directory: string): Plans {
  return {
    write: (digest, text) => {
      const path = join(directory, `${digest}.json`)
      try {
        writeOwn(path, text)
      } catch (error) {
        return err({ code: 'file_unwritable', path, reason: reasonOf(error) })
      }
      quietly(() => keepNewest(directory, KEPT_FILES))
      return ok()
    },
    find: (prefix) => {
      const all = quietly(() => readdirSync(directory)) ?? []
      const names = all.filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
      // Another process may just have let the oldest go.
      return names.slice(0, 2).flatMap((name) => quietly(() => readFileSync(join(directory, name), 'utf8')) ?? [])
    },
  }
}
