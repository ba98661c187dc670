import type { Progress } from '#app/progress.ts'
import type { RunSummary } from '#app/store-port.ts'
import { onOneLine } from '#base/text.ts'
import { copyRange } from '../copy-range.ts'
import type { Io } from '../io.ts'
import { mount, printJson } from '../mount.ts'

type Output = Extract<Progress, { readonly kind: 'output' }>

const LINE_FEED = 0x0a

/**
 * `runs logs`: the bytes as the jobs wrote them, a line before each job's where there are several; with `--json` a
 * document for each piece.
 */
export const runsLogs = mount<RunSummary>(({ io, json, options }) => {
  let isSilent = true
  const show = json ? pieces(io) : sources(io, options['stdout'] === options['stderr'])
  return {
    report: (progress) => {
      if (progress.kind === 'note') {
        isSilent = false
        io.alert.note(`${onOneLine(progress.text)}\n`)
      }
      if (progress.kind !== 'output') return
      isSilent = false
      show(progress)
    },
    answer: ({ id }) => {
      if (isSilent && !json) io.note(`no output is recorded; how it stands: orchastration runs show ${id}\n`)
      return 0
    },
  }
})

function sources(io: Io, both: boolean): (output: Output) => void {
  let shown = ''
  let last = LINE_FEED
  return ({ job, stream, path, from, until }) => {
    const source = both ? `${job} · ${stream}` : job
    // Only where both are seen together; the bytes themselves stay as they are.
    const isTorn = io.isLive && last !== LINE_FEED
    if (source !== shown) io.note(`${isTorn ? '\n' : ''}${onOneLine(source)}\n`)
    shown = source
    copyRange(path, { from, until }, (chunk) => {
      io.bytes(chunk, 'out')
      last = chunk.at(-1) ?? last
    })
  }
}

function pieces(io: Io): (output: Output) => void {
  // A character may begin in one piece and end in the next.
  const decoders = new Map<string, TextDecoder>()
  return ({ job, stream, path, from, until }) => {
    const key = `${path} ${stream}`
    const decoder = decoders.get(key) ?? new TextDecoder()
    decoders.set(key, decoder)
    copyRange(path, { from, until }, (chunk) => {
      const text = decoder.decode(chunk, { stream: true })
      if (text !== '') printJson(io, 'runs logs', { job, stream, text })
    })
  }
}
