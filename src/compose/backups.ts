import { join, resolve } from 'node:path'
import type { Backups } from '#app/backup-port.ts'
import { ok } from '#base/result.ts'
import { newId } from './clock.ts'

/** Copies of the store. Their parts are loaded when one is made or looked at. */
export function backups(store: string, currentDirectory: string): Backups {
  const folders = () => import('#adapters/files/backup-folder.ts')
  return {
    begin: async (directory) => {
      const [{ beginBackup }, { copyStore }] = await Promise.all([folders(), import('#adapters/sqlite/copy-store.ts')])
      const copyLog = async (to: string) => await copyStore(store, to)
      return beginBackup({ directory: resolve(currentDirectory, directory), store, id: newId(), copyLog })
    },
    open: async (directory) => {
      const [{ openStoreAsItIs }, { STORE_FOLDER }] = await Promise.all([
        import('#adapters/sqlite/store.ts'),
        folders(),
      ])
      const opened = await openStoreAsItIs(join(resolve(currentDirectory, directory), STORE_FOLDER))
      if (!opened.ok) return opened
      const { log, isCurrent, reader } = opened.value
      return ok({ log, isCurrent, close: () => reader.close() })
    },
    check: async (directory) => (await folders()).checkManifest(resolve(currentDirectory, directory)),
    artifactFault: async (directory) => {
      const [{ artifactFault }, { STORE_FOLDER }] = await Promise.all([import('#adapters/files/outputs.ts'), folders()])
      const copy = join(resolve(currentDirectory, directory), STORE_FOLDER)
      return async (digest) => await artifactFault(copy, digest)
    },
  }
}
