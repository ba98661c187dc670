import type { Directories } from '#app/config-port.ts'
import { pathText } from '#app/failure-texts/text.ts'
import type { Io } from './io.ts'

/** `--verbose`: where all that a command may look at lies. */
export function sayPlaces(io: Io, { configFile, store, records, logFile }: Directories, config?: string): void {
  const rows = [
    ['configuration', config ?? configFile],
    ['store', store],
    ['records', records],
    ['log file', logFile],
  ]
  for (const [what = '', path = ''] of rows) io.note(`${what.padEnd(13)}  ${pathText(path, io.home)}\n`)
}

/** `--verbose`: what it came to. */
export function sayEnd(io: Io, exit: number): void {
  io.note(`exit ${exit} after ${Math.round(performance.now())} ms\n`)
}
