const SEALING: ReadonlySet<string> = new Set([
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'run.timed_out',
  'run.waiting',
  'run.paused',
])

/** Events after which the run rests: a checkpoint over at least this event is written in the same transaction. */
export function isSealing(type: string): boolean {
  return SEALING.has(type)
}
