import type { Pruned, PrunedRun } from '#app/operations/prune-runs.ts'
import { formatDuration } from '#base/duration.ts'
import { formatSize } from '#base/size.ts'
import { count, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { ErasureReason } from '#domain/run/erasure.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import type { Io } from '../io.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

/** A longer name moves the rest of its own line only. */
const NAME_COLUMNS = 24

/** Some of it could not be erased yet. */
const EXIT_UNFINISHED = 1

/** `runs prune`: a line for each run that goes, or would go, then all of them in one. */
export const runsPrune = mount<Pruned>(({ io, json, services, options }) => ({
  report: (progress) => {
    if (progress.kind === 'note') io.note(`${onOneLine(progress.text)}\n`)
  },
  answer: (pruned) => {
    const isUnfinished = (pruned.erased?.waiting ?? 0) > 0
    if (json) printJson(io, 'runs prune', documentOf(pruned))
    else {
      const width = Math.min(NAME_COLUMNS, Math.max(0, ...pruned.runs.map(({ name }) => onOneLine(name).length)))
      for (const run of pruned.runs) io.out(lineOf(run, width))
      io.out(`${options['dry-run'] === true ? 'would erase' : 'erased'} ${sumOf(pruned)}\n`)
      sayWhatStays(io, pruned)
      if (pruned.erased !== null) sayWhatIsNotReached(io, services.directories.logFile)
    }
    return isUnfinished ? EXIT_UNFINISHED : 0
  },
}))

function documentOf({ runs, spared, open, unfinished, erased }: Pruned): object {
  const documents = runs.map(({ id: run, ...rest }) => ({ run, ...snakeKeys(rest) }))
  return { runs: documents, ...totals(runs), spared, open, unfinished, erased }
}

function totals(runs: readonly PrunedRun[]): { readonly events: number; readonly bytes: number } {
  const sum = (of: (run: PrunedRun) => number) => runs.reduce((total, run) => total + of(run), 0)
  return { events: sum(({ events }) => events), bytes: sum(({ bytes }) => bytes) }
}

function lineOf({ id, name, status, endedAt, reason }: PrunedRun, width: number): string {
  return `${id}  ${status.padEnd(9)}  ${onOneLine(name).padEnd(width)}  ${wholeSeconds(endedAt)}  ${reasonText(reason)}\n`
}

function sumOf({ runs }: Pruned): string {
  const { events, bytes } = totals(runs)
  return `runs=${runs.length} events=${events} bytes=${bytes}`
}

function reasonText(reason: ErasureReason): string {
  switch (reason.kind) {
    case 'named':
      return 'named'
    case 'older_than':
      return `older than ${formatDuration(reason.older_than_ms)}`
    case 'keep':
      return `beyond the latest ${reason.keep}`
    case 'max_bytes':
      return `beyond ${formatSize(reason.max_bytes)}`
    default:
      return unreachable(reason)
  }
}

function sayWhatStays(io: Io, { spared, open, unfinished, erased }: Pruned): void {
  if (open > 0) io.note(`kept: ${count(open, 'run')} not over\n`)
  if (spared > 0) io.note(`kept for the last end of a job: ${count(spared, 'run')}; name one to erase it\n`)
  if (unfinished > 0 && erased === null) io.note('an earlier prune was interrupted; runs prune --yes ends it\n')
  if (erased !== null && erased.waiting > 0) {
    io.note(`not wholly erased: ${count(erased.waiting, 'run')}; a step that goes on may share their output\n`)
    io.note('end it later:  orchastration runs prune --yes\n')
  }
}

/** What is erased is gone from the store; what was taken out of it, or only lies near it, is not ours to find. */
function sayWhatIsNotReached(io: Io, logFile: string): void {
  io.note('caches were emptied; ')
  io.note(
    `not reached: the configuration, exports, backups, snapshots of the file system, and the log file ${onOneLine(logFile)}\n`,
  )
}
