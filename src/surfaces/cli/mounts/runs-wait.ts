import type { Attended } from '#app/attended.ts'
import type { Waited } from '#app/operations/wait-for-runs.ts'
import { alternatives, onOneLine } from '#base/text.ts'
import { isEnded } from '#domain/run/run.ts'
import { EXIT_WAITING, exitCodeOfRun } from '../exit-code.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** As `timeout` of the coreutils has it. */
const EXIT_TIME_UP = 124

/** `runs wait`: a line for each run as it ends; what it waits for otherwise, on standard error. */
export const runsWait = mount<Waited>(({ io, json }) => ({
  report: (progress) => {
    if (json) return
    if (progress.kind === 'rested') io.out(lineOf(progress.attended))
    if (progress.kind === 'note') io.note(`${progress.text}\n`)
    if (progress.kind !== 'asks') return
    const { number, asker, text, choices } = progress.question
    io.alert.note(`  ?  ${number}  ${onOneLine(asker)} asks: ${onOneLine(text)}\n`)
    io.alert.note(`        orchastration answer ${number} ${alternatives(choices)}\n`)
  },
  answer: (waited) => {
    const exit = exitCodeOf(waited)
    if (json) printJson(io, 'runs wait', { exit, because: waited.because, runs: waited.runs.map(documentOf) })
    else
      for (const attended of waited.runs.filter(({ run }) => !isEnded(run.status))) {
        io.out(lineOf(attended))
        sayWhereItStands(io, attended)
      }
    return exit
  },
}))

/** Of one run, what `run` would have ended with. Of several: 1 as soon as one did not succeed. */
function exitCodeOf({ runs, because }: Waited): number {
  const [first] = runs
  if (because === 'time') return EXIT_TIME_UP
  if (runs.length === 1 && first !== undefined) return exitCodeOfRun(first)
  const ended = runs.filter(({ run }) => isEnded(run.status))
  if (ended.some(({ run }) => run.status !== 'succeeded')) return 1
  return because === 'people' ? EXIT_WAITING : 0
}

function lineOf({ run }: Attended): string {
  return `run=${run.id} status=${run.interrupted ? 'interrupted' : run.status}\n`
}

function documentOf({ run, questions, failure }: Attended): object {
  const { id, name, status, interrupted } = run
  const exit = isEnded(status) ? exitCodeOfRun({ run, questions, ...(failure !== undefined && { failure }) }) : null
  return { run: id, name, status, interrupted, exit, questions: questions.map(snakeKeys), failure: failure ?? null }
}
