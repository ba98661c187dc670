import type { FilesChecked, FilesHashed } from '#app/hash-report.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import type { MalformedLine } from '#domain/hashing/manifest.ts'
import type { Io } from './io.ts'

/** How many lines of a manifest that nobody understands are told one by one; `--json` has them all. */
const SHOWN_LINES = 10
const SHOWN_LINKS = 3

/** What is left to say once the lines are out; nothing where all is well. */
export function sayHashed(report: FilesHashed, io: Io): void {
  const { files, failures, notEntered, manifest, stopped } = report
  const all = files.length + failures.length
  if (notEntered.length > 0) io.note(`note: links to directories are not entered: ${listed(notEntered)}\n`)
  if (stopped !== undefined) io.alert.note(stoppedText(stopped, all))
  else if (all === 0) io.note('note: there are no files\n')
  if (failures.length > 0 && all > 1) io.alert.note(`${failures.length} of ${count(all, 'file')} could not be hashed\n`)
  if (manifest !== undefined && manifest !== '-') sayManifest(manifest, report, io)
}

function sayManifest(manifest: string, { files, failures, stopped }: FilesHashed, io: Io): void {
  const isWritten = stopped === undefined && (files.length > 0 || failures.length === 0)
  if (isWritten) io.note(`wrote ${count(files.length, 'line')} to ${onOneLine(manifest)}\n`)
  else io.alert.note(`${onOneLine(manifest)} was not written\n`)
}

/** The same of a check. */
export function sayChecked({ manifest, files, malformed, passedOver, stopped }: FilesChecked, io: Io): void {
  const place = onOneLine(manifest === '-' ? 'standard input' : manifest)
  sayMalformed(malformed, place, io)
  if (passedOver > 0) io.note(`${count(passedOver, 'file')} not there, passed over\n`)
  if (stopped !== undefined) io.alert.note(stoppedText(stopped, files.length))
  const differs = files.filter(({ found }) => found.state === 'differs').length
  const failed = files.filter(({ found }) => found.state === 'failed').length
  if (differs + failed + malformed.length === 0) return
  const parts = [
    `${count(files.length, 'file')} checked`,
    ...(differs === 0 ? [] : [`${differs} ${differs === 1 ? 'differs' : 'differ'}`]),
    ...(failed === 0 ? [] : [`${failed} could not be read`]),
    ...(malformed.length === 0 ? [] : [`${count(malformed.length, 'line')} not understood`]),
  ]
  io.alert.note(`${place}: ${parts.join(', ')}\n`)
}

function sayMalformed(malformed: readonly MalformedLine[], place: string, io: Io): void {
  for (const { line, reason, text } of malformed.slice(0, SHOWN_LINES)) {
    io.alert.note(`${place}:${line}: no checksum line: ${reason}: "${cut(text, 60)}"\n`)
  }
  if (malformed.length > SHOWN_LINES)
    io.alert.note(`and ${count(malformed.length - SHOWN_LINES, 'line')} more like these\n`)
}

/** Whoever reads no more need not be told. */
function stoppedText(signal: string, files: number): string {
  if (signal === 'SIGPIPE') return ''
  return `stopped by ${signal} after ${count(files, 'file')}\n`
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN_LINKS).map(onOneLine).join(', ')
  return paths.length > SHOWN_LINKS ? `${shown} and ${paths.length - SHOWN_LINKS} more` : shown
}
