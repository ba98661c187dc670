import type { BackedUp } from '#app/operations/backup.ts'
import { onOneLine } from '#base/text.ts'
import { VERDICT_EXITS } from '#domain/proof/verdict.ts'
import { deepSnakeKeys, mount, printJson } from '../mount.ts'
import { showGrounds, verdictLines } from '../verdict-text.ts'

/** `backup`: what was made or checked in one line, then the verdict on the copied log. */
export const backup = mount<BackedUp>(({ io, json }) => ({
  answer: (answered) => {
    const { report, faults } = answered
    const verdict = VERDICT_EXITS[report.verdict.state]
    // A file that was changed weighs as much as an event that was; only what cannot be read at all weighs more.
    const exit = faults.length === 0 ? verdict : Math.max(VERDICT_EXITS.altered, verdict)
    if (json) printJson(io, 'backup', { exit, ...documentOf(answered) })
    else {
      io.out(`${summaryOf(answered)}\n`)
      for (const fault of faults) io.out(`${onOneLine(fault)}\n`)
      for (const line of verdictLines(report)) io.out(`${line}\n`)
      showGrounds(io, report)
    }
    return exit
  },
}))

function summaryOf({ isNew, directory, artifacts, bytes, report }: BackedUp): string {
  const place = `backup=${onOneLine(directory)} events=${report.last}`
  return isNew ? `${place} artifacts=${artifacts} bytes=${bytes}` : place
}

function documentOf({ isNew, directory, artifacts, bytes, faults, report }: BackedUp): object {
  return { is_new: isNew, directory, artifacts, bytes, faults, report: deepSnakeKeys(report) }
}
