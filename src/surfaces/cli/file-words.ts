import { fileFaultText } from '#app/file-fault-text.ts'
import { count, onOneLine } from '#base/text.ts'
import type { CommandReport } from '#domain/run/command-report.ts'

/** `up to date: 212 inputs unchanged since run …`; undefined for a job that ran. */
export function upToDateText({ up_to_date }: CommandReport): string | undefined {
  if (up_to_date === undefined) return undefined
  const { run, inputs, outputs } = up_to_date
  const files = [inputs > 0 ? count(inputs, 'input') : '', outputs > 0 ? count(outputs, 'output') : '']
  const words = files.filter((text) => text !== '').join(' and ')
  return `up to date: ${words === '' ? 'nothing has' : words} ${words === '' ? 'changed' : 'unchanged'} since run ${run}`
}

/** Patterns and files of a job that nothing could be done with, a line each. */
export function fileNoteLines(job: string, { file_notes = [] }: CommandReport): readonly string[] {
  return file_notes.map(({ path, reason }) => `${onOneLine(job)}: ${onOneLine(path)} ${fileFaultText(reason)}`)
}
