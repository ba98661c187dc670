import type { Exported } from '#app/operations/export-runs.ts'
import { count, onOneLine } from '#base/text.ts'
import { mount } from '../mount.ts'

/** `runs export`: the lines themselves, or where they went. */
export const runsExport = mount<Exported>(({ io }) => ({
  report: (progress) => {
    if (progress.kind === 'line') io.out(`${progress.text}\n`)
  },
  answer: ({ lines, output }) => {
    if (output !== null) io.note(`${count(lines, 'line')} in ${onOneLine(output)}\n`)
    return 0
  },
}))
