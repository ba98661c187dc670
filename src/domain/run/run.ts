declare const runIdBrand: unique symbol

/** The id of a run: a ULID in lower case. */
export type RunId = string & { readonly [runIdBrand]: true }

/**
 * Where a run stands.
 *
 *   queued ──► running ◄──► waiting      (waiting: only timers, signals or back-off are open; no process holds it)
 *                │  ▲
 *                │  └────── paused       (a person must say how to go on)
 *                ▼
 *   succeeded · failed · cancelled · timed_out
 *
 * `interrupted` is derived: running, and its owner's lock is free.
 */
export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting',
  'paused',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

export type EndStatus = Extract<RunStatus, 'succeeded' | 'failed' | 'cancelled' | 'timed_out'>

export function isEnded(status: RunStatus): status is EndStatus {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'timed_out'
}
