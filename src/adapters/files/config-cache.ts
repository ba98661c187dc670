import { join } from 'node:path'
import type { Config } from '#domain/definition/config.ts'
import { keepNewest, quietly, readOwn, writeOwn } from './own-file.ts'

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
    read: (digest) => quietly(() => readConfig(pathOf(digest))),
    write: (digest, config) =>
      quietly(() => {
        writeOwn(pathOf(digest), JSON.stringify(config))
        keepNewest(directory, KEPT_FILES)
      }),
  }
}

/** A configuration says what is run, so a file that others could have written says nothing. */
function readConfig(path: string): Config | undefined {
  const bytes = readOwn(path)
  // What stands in it was checked by this build before it was written.
  return bytes && (JSON.parse(bytes.toString()) as Config)
}
