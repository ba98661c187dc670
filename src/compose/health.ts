import type { Directories } from '#app/config-port.ts'
import type { Health } from '#app/health-port.ts'
import { ok } from '#base/result.ts'
import { versionText } from '../version.ts'
import { clock } from './clock.ts'

/** What `doctor` looks at. */
export async function health(directories: Directories, variables: Health['variables']): Promise<Health> {
  const [facts, { openStoreAsItIs }, owners] = await Promise.all([
    import('#adapters/files/health-facts.ts'),
    import('#adapters/sqlite/store.ts'),
    import('#adapters/sqlite/owner-files.ts'),
  ])
  return {
    release: `${versionText} · ${process.platform} ${process.arch}`,
    home: variables['HOME'] ?? variables['USERPROFILE'],
    variables,
    path: facts.pathFacts,
    volume: facts.volumeOf,
    program: (name) => facts.programOn(variables['PATH'] ?? variables['Path'] ?? '', name),
    store: async () => {
      const opened = await openStoreAsItIs(directories.store)
      return opened.ok ? ok({ ...opened.value, close: () => opened.value.reader.close() }) : opened
    },
    owners: async () => owners.ownerFiles(directories.store, clock.now()),
    forgetOwner: async (name) => owners.forgetOwner(directories.store, name),
    recordFault: async (end) => facts.recordFault(directories.records, end),
  }
}
