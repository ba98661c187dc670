const ENDING: ReadonlySet<string> = new Set(['run.succeeded', 'run.failed', 'run.cancelled', 'run.timed_out'])
const SEALING: ReadonlySet<string> = new Set([...ENDING, 'run.waiting', 'run.paused', 'run.erased'])

/** Events after which a run is over. Nothing comes after them but the fact that it was erased. */
export function isEnding(type: string): boolean {
  return ENDING.has(type)
}

/** Events after which the run rests: a checkpoint over at least this event is written in the same transaction. */
export function isSealing(type: string): boolean {
  return SEALING.has(type)
}
