import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#domain/definition/config.ts'

/** How many files are kept; each is one version of a configuration as one build of the program has read it. */
const KEPT_FILES = 16

/** Configurations that were found to be right, by the digest of their bytes. Reading and checking one takes 7 ms. */
export interface ConfigCache {
  read(digest: string): Config | undefined
  write(digest: string, config: Config): void
}

/**
 * A cache in `directory`. `program` names the build that reads it: another one may know other keys. Any doubt about a
 * file means that there is none, and that nothing could be written stops nobody.
 */
export function configCache(directory: string, program: string): ConfigCache {
  const pathOf = (digest: string) => join(directory, `${digest}-${program}.json`)
  return {
    read: (digest) => quietly(() => readOwn(pathOf(digest))),
    write: (digest, config) =>
      quietly(() => {
        mkdirSync(directory, { recursive: true, mode: 0o700 })
        const draft = join(directory, `.${process.pid}.tmp`)
        writeFileSync(draft, JSON.stringify(config), { mode: 0o600 })
        renameSync(draft, pathOf(digest))
        prune(directory)
      }),
  }
}

/** A configuration says what is run, so a file that others could have written is none of ours. */
function readOwn(path: string): Config | undefined {
  const file = openSync(path, 'r')
  try {
    const { uid, mode } = fstatSync(file)
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    // What stands in it was checked by this build before it was written.
    return isOurs ? (JSON.parse(readFileSync(file, 'utf8')) as Config) : undefined
  } finally {
    closeSync(file)
  }
}

function prune(directory: string): void {
  const names = readdirSync(directory)
  if (names.length <= KEPT_FILES) return
  const byAge = names.map((name) => ({ name, age: statSync(join(directory, name)).mtimeMs }))
  byAge.sort((left, right) => right.age - left.age)
  for (const { name } of byAge.slice(KEPT_FILES)) rmSync(join(directory, name), { force: true })
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
