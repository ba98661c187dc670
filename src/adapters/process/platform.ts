import type { ChildSpec } from '#activities/process-port.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** What the families of operating systems do differently. */
export interface Platform {
  /** The path that is executed for the first word of a command. */
  findProgram(spec: ProgramSpec): Result<string, Failure>
  /** The variables a child is given, each by one name only. */
  environment(variables: Environment): Environment
  /** Tells one boot from the next; empty where start times are dates, which tell it by themselves. */
  bootId(): string
  /** When a child that was started just now was started, in the unit of the platform's list. */
  startOf(pid: number): number | undefined
  /** Whether a child can be given a terminal of its own. */
  readonly hasTerminals: boolean
  /** By how much two start times of one process may differ. */
  readonly startTolerance: number
  /** Every living process. Zombies are not listed: nothing of them runs. */
  list(search: ProcessSearch): Promise<readonly ProcessEntry[]>
  /** Whether anything lives in the group that a child led; false where the platform has none. */
  isGroupAlive(leader: number): boolean
  /** Sends a signal; a process that is gone or not ours is none of our business. A negative pid means its group. */
  signal(pid: number, signal: EndSignal): void
}

/** What decides where a program is looked for. */
export type ProgramSpec = Pick<ChildSpec, 'argv' | 'directory' | 'environment'>

export type Environment = Readonly<Record<string, string>>

export type EndSignal = 'SIGTERM' | 'SIGCONT' | 'SIGKILL'

export interface ProcessSearch {
  /** The value of the mark. */
  readonly step: string
  /** No process that started before can carry the mark. */
  readonly since: number
}

export interface ProcessEntry extends ProcessIdentity {
  readonly parent: number
  /** 0 where the platform has none. */
  readonly group: number
  /** 0 where the platform has none. */
  readonly session: number
  readonly stopped: boolean
  /** Whether its environment carries the mark that was searched for. */
  readonly marked: boolean
  /** The program it runs; another one once it executed that. */
  readonly program: string
  command(): string
}

/** A pid alone names nothing for long: pids are used again. */
export interface ProcessIdentity {
  readonly pid: number
  readonly started: number
}

/** The variable that a child and all it starts carry. */
export const MARK_VARIABLE = 'ORCHASTRATION_STEP'
