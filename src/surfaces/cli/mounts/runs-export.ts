import type { Exported } from '#app/operations/export-runs.ts'
import { count, onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `runs export`: the lines themselves, or where they went. */
export const runsExport = mount<Exported>(({ io, json }) => ({
  report: (progress) => {
    if (progress.kind === 'line') io.out(`${progress.text}\n`)
  },
  answer: ({ lines, output }) => {
    // Without a file the lines themselves, which are JSON, are the answer.
    if (output === null) return 0
    if (json) printJson(io, 'runs export', { lines, output })
    else io.note(`${count(lines, 'line')} in ${onOneLine(output)}\n`)
    return 0
  },
}))
