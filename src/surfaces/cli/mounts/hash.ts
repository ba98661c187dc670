import type { HashReport } from '#app/hash-report.ts'
import type { Progress } from '#app/progress.ts'
import { exitCodeOf } from '../exit-code.ts'
import { checkDocument, hashDocument } from '../hash-document.ts'
import { checkLine, faultLine, hashLines } from '../hash-lines.ts'
import { progressLine } from '../hash-progress.ts'
import { sayChecked, sayHashed } from '../hash-summary.ts'
import { type MountContext, mount, printJson } from '../mount.ts'

/** `hash`: the ancestor's line a file, or a manifest's, as they come; what could not be hashed on standard error. */
export const hash = mount<HashReport>((context) => {
  const { io, json, services } = context
  const line = progressLine(io, services.clock.now)
  return {
    report: (progress) => {
      if (progress.kind === 'hashing') line.show(progress)
      else if (!json) {
        line.clear()
        sayFiles(progress, context)
      }
    },
    end: line.clear,
    answer: (report) => {
      const exit = exitOf(report)
      const document = () => (report.kind === 'hashed' ? hashDocument(report) : checkDocument(report))
      if (json) printJson(io, 'hash', { exit, ...document() })
      else if (report.kind === 'hashed') sayHashed(report, io)
      else sayChecked(report, io)
      return exit
    },
  }
})

function sayFiles(progress: Progress, context: MountContext): void {
  const { io } = context
  if (progress.kind === 'checked') {
    const told = progress.files.filter(({ found }) => io.loudness !== 'quiet' || found.state !== 'ok')
    io.out(told.map((file) => `${checkLine(file)}\n`).join(''))
  }
  if (progress.kind !== 'hashed') return
  io.bytes(hashLines(progress, context), 'out')
  for (const failure of progress.failures) io.alert.note(`${faultLine(failure, io.home)}\n`)
}

function exitOf(report: HashReport): number {
  // Who wants no more lines has what was wanted; a check that was not finished is no success.
  if (report.stopped === 'SIGPIPE' && report.kind === 'hashed') return 0
  if (report.stopped !== undefined) return exitCodeOf({ code: 'cancelled', signal: report.stopped })
  if (report.kind === 'hashed') return report.failures.length > 0 ? 1 : 0
  const isBad = report.files.some(({ found }) => found.state !== 'ok')
  return isBad || (report.isStrict && report.malformed.length > 0) ? 1 : 0
}
