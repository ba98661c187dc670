import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'

/** The exit code as the ancestor's records and lines have it: -1 for a signal or timeout, 1 where nothing started. */
export function recordedExit(report: CommandReport, failure?: Failure): number {
  if (failure?.code === 'timed_out' || failure?.code === 'cancelled') return -1
  if (report.exit !== null) return report.exit
  return report.signal === null ? 1 : -1
}

/** What the child left behind, where a step's failure is one of a child. */
export function reportOf(failure: Failure): CommandReport | undefined {
  return 'report' in failure ? failure.report : undefined
}

/** A job's record for people and scripts, key by key as the ancestor documents it. */
export interface JobRecord {
  readonly job_name: string
  /** RFC 3339, UTC, whole seconds. */
  readonly start_time: string
  readonly end_time: string
  readonly duration_ms: number
  readonly exit_code: number
  readonly stdout_path: string
  readonly stderr_path: string
  readonly os: string
  readonly binary_version: string
}

/** `YYYY-MM-DDTHH:MM:SSZ` of a time in milliseconds. */
export function wholeSeconds(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`
}

/** `YYYYMMDDTHHMMSSZ`, the stem of a record's file name. */
export function recordStem(atMs: number): string {
  return wholeSeconds(atMs).replaceAll('-', '').replaceAll(':', '')
}
