import type { VerifyReport } from '#app/verify-report.ts'
import { onOneLine } from '#base/text.ts'
import { VERDICT_EXITS } from '#domain/proof/verdict.ts'
import { deepSnakeKeys, mount, printJson } from '../mount.ts'
import { showGrounds, verdictLines } from '../verdict-text.ts'

/** `verify`: the verdict on standard output, its grounds and what to keep on standard error. */
export const verify = mount<VerifyReport>(({ io, json }) => ({
  report: (progress) => {
    if (progress.kind === 'note') io.note(`note: ${onOneLine(progress.text)}\n`)
  },
  answer: (report) => {
    const exit = VERDICT_EXITS[report.verdict.state]
    if (json) printJson(io, 'verify', { exit, report: deepSnakeKeys(report) })
    else {
      for (const line of verdictLines(report)) io.out(`${line}\n`)
      showGrounds(io, report)
    }
    return exit
  },
}))
