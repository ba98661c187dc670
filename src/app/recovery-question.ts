import type { Question } from '#domain/people/question.ts'
import type { PauseReason } from '#domain/run/event.ts'
import type { RunId } from '#domain/run/run.ts'

/** Makes the question that a paused run asks; none where going on cannot end otherwise. */
export function recoveryQuestion(newId: () => string): (runId: RunId, reason: PauseReason) => Question | null {
  return (runId, reason) => {
    const text = textOf(reason)
    if (text === undefined) return null
    const question = { text, choices: ['resume', 'cancel'], asker: `run ${runId}`, addressee: 'anyone', deadline: null }
    return { id: newId(), ...question }
  }
}

function textOf(reason: PauseReason): string | undefined {
  switch (reason.kind) {
    case 'step_in_flight':
      return `step "${reason.step}" was in flight when its process died, and is not idempotent: start it again?`
    case 'resumed_too_often':
      return `its process died ${reason.times} times in a row: go on once more?`
    case 'failure':
      return undefined
  }
}
