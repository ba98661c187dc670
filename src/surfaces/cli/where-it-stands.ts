import type { Attended } from '#app/attended.ts'
import { count } from '#base/text.ts'
import type { Io } from './io.ts'
import { startAnew } from './start-anew.ts'

/** What is left to do about a run that a command is done with. */
export function sayWhereItStands(io: Io, { run, questions, failure }: Attended): void {
  const { id, status } = run
  if (status === 'paused') io.note(`paused: orchastration runs resume ${id}\n`)
  else if (questions.length > 0) {
    const numbers = questions.map(({ number }) => number).join(', ')
    io.note(`waits for ${count(questions.length, 'answer')}: question ${numbers}\n`)
    io.note(`come back: orchastration runs resume ${id}\n`)
  } else if (status === 'waiting') io.note(`waits; come back: orchastration runs resume ${id}\n`)
  else if (run.interrupted) io.note(`interrupted: orchastration runs resume ${id}\n`)
  else if (status === 'running') io.note(`goes on elsewhere: orchastration runs logs -f ${id}\n`)
  else if (failure !== undefined) sayWhatNext(io, run)
}

function sayWhatNext(io: Io, run: Attended['run']): void {
  const what = `all that happened: orchastration runs show ${run.id}\n`
  // What did not succeed of a run of jobs is run again without the rest.
  const again = run.workflow === 'job' ? `orchastration runs retry ${run.id}` : startAnew(run)
  io.note(io.isLive && again !== undefined ? `\n${what}again:             ${again}\n` : what)
}
