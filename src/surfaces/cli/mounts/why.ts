import type { Explanation } from '#app/explain/explanation.ts'
import { explanationText } from '#app/explain/explanation-text.ts'
import { grouped } from '#base/text.ts'
import { wholeSeconds } from '#domain/run/job-record.ts'
import { deepSnakeKeys, mount, printJson, runFields } from '../mount.ts'

/** `why`: what is so, the fact that decides, what would have made it otherwise, and what shows it. */
export const why = mount<Explanation>(({ io, json, services }) => ({
  answer: (explanation) => {
    const { job, run, verdict, fact, evidence } = explanation
    const text = explanationText(explanation, services.clock.now())
    if (json) {
      const shown = run === null ? null : runFields(run)
      printJson(io, 'why', {
        job,
        run: shown,
        verdict,
        fact: deepSnakeKeys(fact),
        evidence,
        text: { ...text, otherwise: text.otherwise ?? null },
      })
      return 0
    }
    io.out(`${io.answerPaint.strong(text.headline)}\nbecause ${text.because}\n`)
    if (text.otherwise !== undefined) io.out(`${text.otherwise}\n`)
    for (const { seq, type, at } of evidence) io.note(`event ${grouped(seq)}  ${type}  ${wholeSeconds(at)}\n`)
    return 0
  },
}))
