import { otherStoresText, type Remark, type VerifyReport } from '#app/verify-report.ts'
import { count, grouped, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { Fault, Verdict } from '#domain/proof/verdict.ts'
import type { Io } from './io.ts'

/** How many faults are told one by one; `--json` has them all. */
const SHOWN_FAULTS = 10

/** The verdict itself, in up to three lines. */
export function verdictLines(report: VerifyReport): readonly string[] {
  const { verdict, checkpoint } = report
  if (verdict.state !== 'verified') return [faultLine(verdict)]
  const { to, later } = verdict
  const signed =
    checkpoint === null ? '' : ` · signed ${new Date(checkpoint.at).toISOString()} by key ${checkpoint.keyHash}`
  const lines = [`verified to event ${grouped(to)}${signed}`, ...erasedLines(report)]
  if (later > 0) lines.push(`${count(later, 'later event')} ${later === 1 ? 'is' : 'are'} chained and not yet signed`)
  return lines
}

/** What was erased is verified, too; only what it said is gone. */
function erasedLines({ erased: { runs, events, listed } }: VerifyReport): readonly string[] {
  const [first] = listed
  if (first === undefined) return []
  const [which, of] = runs === 1 ? ['', `run ${onOneLine(first.run)}`] : ['the first ', `${grouped(runs)} runs`]
  const fact = `${which}by ${onOneLine(first.by)} at ${new Date(first.at).toISOString()} in event ${grouped(first.seq)}`
  return [`erased: what ${count(events, 'event')} of ${of} said, ${fact}`]
}

/** What is wrong, in one line. */
function faultLine(fault: Exclude<Verdict, { readonly state: 'verified' }>): string {
  const place = 'line' in fault && fault.line !== undefined ? ` (line ${fault.line})` : ''
  switch (fault.state) {
    case 'unreadable':
      return `unreadable: ${onOneLine(fault.reason)}${place}`
    case 'altered':
      return `altered at event ${grouped(fault.seq)}: ${onOneLine(fault.reason)}${place}`
    case 'behind':
      return `behind: event ${grouped(fault.known)} is known, found up to ${grouped(fault.found)}: ${onOneLine(fault.reason)}`
    case 'unknown_key':
      return `unknown key ${fault.keyHash}: it signed the checkpoint at event ${grouped(fault.size)}`
    case 'projections_differ':
      return `projections differ: ${onOneLine(fault.reason)}`
    default:
      return unreachable(fault)
  }
}

/** On standard error: further faults, remarks, and the checkpoint to keep. */
export function showGrounds(io: Io, { faults, unlisted, checkpoint, remarks, verdict }: VerifyReport): void {
  const others: readonly Fault[] = faults.slice(1, 1 + SHOWN_FAULTS)
  for (const fault of others) io.alert.note(`also ${faultLine(fault)}\n`)
  const left = Math.max(0, faults.length - 1 - others.length) + unlisted
  if (left > 0) io.alert.note(`and ${count(left, 'more fault')}: orchastration verify --json\n`)
  for (const remark of remarks) io.note(`note: ${remarkText(remark)}\n`)
  if (verdict.state === 'projections_differ')
    io.note('the log itself holds; make the tables anew: orchastration rebuild\n')
  if (checkpoint !== null) io.note(`keep this checkpoint elsewhere:\n\n${checkpoint.note}`)
}

function remarkText(remark: Remark): string {
  switch (remark.kind) {
    case 'clock_went_back':
      return `the clock of this machine went back ${count(remark.times, 'time')}, first before event ${grouped(remark.first)}`
    case 'nothing_signed':
      return 'nothing is signed yet: the first run that ends or waits signs'
    case 'no_mark':
      return 'this machine never signed this store, so it cannot know whether something was cut off'
    case 'other_stores':
      return otherStoresText(remark.stores)
    case 'mark_unreadable':
      return `what this machine knows of the store cannot be read: ${onOneLine(remark.reason)}`
    case 'outside':
      return `the checkpoint that was given speaks of event ${grouped(remark.size)}, outside of what was looked at`
    case 'run_goes_on':
      return 'the run is not over: it may have had later events'
    case 'erasing_unfinished':
      return `bodies of ${count(remark.runs, 'erased run')} are still there; to end that: orchastration runs prune --yes`
    default:
      return unreachable(remark)
  }
}
