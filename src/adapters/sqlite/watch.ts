import type { DatabaseSync } from 'node:sqlite'
import type { StoreWatch } from '#app/store-port.ts'

/** How long another process's commit may go unnoticed. Asking costs 3 microseconds. */
const POLL_MS = 20

/** Wakes subscribers after commits: at once after our own, within the poll after another process's. */
export function storeWatch(database: DatabaseSync): StoreWatch & { readonly hint: () => void } {
  const calls = new Set<(whose: 'ours' | 'theirs') => void>()
  const read = database.prepare('PRAGMA data_version')
  let version: unknown
  let timer: NodeJS.Timeout | undefined

  const tell = (whose: 'ours' | 'theirs') => {
    for (const call of [...calls]) call(whose)
  }
  const poll = () => {
    const now = database.isOpen ? read.get()?.['data_version'] : version
    if (now === version) return
    version = now
    tell('theirs')
  }
  return {
    hint: () => tell('ours'),
    subscribe: (call) => {
      calls.add(call)
      if (timer === undefined) {
        version = read.get()?.['data_version']
        timer = setInterval(poll, POLL_MS)
      }
      return () => {
        calls.delete(call)
        if (calls.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}
