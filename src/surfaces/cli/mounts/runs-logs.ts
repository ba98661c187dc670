import { mount } from '../mount.ts'
import { copyRange } from '../run-view.ts'

/** `runs logs`: the bytes as the jobs wrote them, a line before each job's where there are several. */
export const runsLogs = mount<unknown>(({ io, options }) => {
  let shown = ''
  const both = options['stdout'] === options['stderr']
  return {
    report: (progress) => {
      if (progress.kind !== 'output') return
      const { job, stream, path, from, until } = progress
      const source = both ? `${job} · ${stream}` : job
      if (source !== shown) io.note(`${source}\n`)
      shown = source
      copyRange(path, { from, until }, (chunk) => io.bytes(chunk, 'out'))
    },
    answer: () => 0,
  }
})
