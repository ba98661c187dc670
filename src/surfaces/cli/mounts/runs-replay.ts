import type { ReplayedRun } from '#app/operations/replay-run.ts'
import { count, grouped, onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `runs replay`: that it is equal, or the first difference with both of its sides. */
export const runsReplay = mount<ReplayedRun>(({ io, json }) => ({
  answer: (replayed) => {
    if (json) printJson(io, 'runs replay', documentOf(replayed))
    else io.out(textOf(replayed))
    return replayed.difference === undefined ? 0 : 1
  },
}))

function documentOf({ run, compared, difference, reached }: ReplayedRun): object {
  const { id, workflow, name, status } = run
  const equal = difference === undefined
  return { run: id, workflow, name, status, equal, ...compared, reached, difference: difference ?? null }
}

function textOf({ run, compared, difference, reached }: ReplayedRun): string {
  const head = `${onOneLine(run.name)} · ${run.id}`
  const amount = `${count(compared.commands, 'command')}, ${count(compared.facts, 'fact')}`
  if (difference === undefined) return `${head}\n  equal: ${amount}, ${REACHED[reached]}: ${run.status}\n`
  const { seq, recorded, replayed } = difference
  const where = seq === null ? '' : ` at event ${grouped(seq)}`
  return [
    head,
    `  different${where}, after ${amount}`,
    `  recorded  ${onOneLine(recorded)}`,
    `  replayed  ${onOneLine(replayed)}\n`,
  ].join('\n')
}

const REACHED: Readonly<Record<ReplayedRun['reached'], string>> = {
  ended: 'and its end',
  closed: 'up to where it was closed from outside',
  open: 'up to where it stands',
}
