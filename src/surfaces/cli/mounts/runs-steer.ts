import type { SteeredRun } from '#app/operations/steer-run.ts'
import { wordsOf } from '#domain/conductor/command-words.ts'
import { mount, printJson } from '../mount.ts'

/** `runs steer`: the command as the run has taken it. */
export const runsSteer = mount<SteeredRun>(({ io, json }) => ({
  answer: ({ runId, command, obeyed, launched }) => {
    const words = wordsOf(command)
    if (json) printJson(io, 'runs steer', { run: runId, command, words, obeyed, launched })
    else {
      io.out(`run=${runId} ${obeyed ? 'obeyed' : 'told'}=${JSON.stringify(words)}\n`)
      if (!obeyed) io.note(`it obeys when it goes on: orchastration runs resume ${runId}\n`)
      else if (launched) io.note(`goes on in the background: orchastration runs logs -f ${runId}\n`)
    }
    return 0
  },
}))
