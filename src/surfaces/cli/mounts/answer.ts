import type { Answered } from '#app/operations/answer.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `answer`: what was answered, and whether the run goes on because of it. */
export const answer = mount<Answered>(({ io, json }) => ({
  answer: ({ question, choice, launched }) => {
    const { number, runId, asker } = question
    if (json) printJson(io, 'answer', { question: number, run: runId, choice, launched })
    else {
      io.out(`question=${number} answer=${choice}\n`)
      const goesOn = launched ? `goes on in the background: orchastration runs logs -f ${runId}` : 'the run was told'
      io.note(`${onOneLine(asker)}: ${goesOn}\n`)
    }
    return 0
  },
}))
