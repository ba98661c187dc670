import type { Mask } from '#base/masker.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { LentTerminal, TerminalSize } from './terminal-port.ts'

/** Starts children and ends whole trees of them. One implementation per operating system family, same behaviour. */
export interface ProcessPort {
  /**
   * Starts a child in a process group of its own, standard input empty, standard output and error straight into the
   * two files (created, or emptied). Fails with `program_missing`, `program_not_executable`, `working_dir_missing`,
   * `output_lost`, `pty_unsupported` or `spawn_failed`.
   */
  start(spec: ChildSpec): Promise<Result<Child, Failure>>
  /**
   * Runs a command to its end and gives its standard output, of which nothing touches the disk; its standard error goes
   * nowhere. Where it is too slow, says too much or is not wanted any more, its tree is ended first.
   */
  capture(spec: CaptureSpec): Promise<Result<Captured, CaptureFault>>
  /** The living processes that a dead owner left behind under this mark, all descendants included. */
  findLeftovers(mark: LeftoverMark): Promise<readonly Leftover[]>
  /** Ends the leftovers, TERM then KILL, and resolves once none of them lives. */
  endLeftovers(mark: LeftoverMark): Promise<void>
}

export interface ChildSpec {
  readonly argv: readonly [string, ...string[]]
  /** Absolute. */
  readonly directory: string
  /** The whole environment of the child; nothing is added but the mark. */
  readonly environment: Readonly<Record<string, string>>
  readonly stdoutPath: string
  readonly stderrPath: string
  readonly mark: LeftoverMark
  /**
   * What the output passes through on its way into the files. It ends with the child then: whatever is left in the
   * background loses its reader.
   */
  readonly mask?: Mask
  /** The child has a terminal for all three of its streams; what it shows goes into the file of standard output. */
  readonly terminal?: ChildTerminal
}

/** A terminal for a child: that of a person, or one that nobody looks at. */
export interface ChildTerminal extends TerminalSize {
  readonly person?: LentTerminal
}

export interface CaptureSpec extends Pick<ChildSpec, 'argv' | 'directory' | 'environment'> {
  /** The value of the mark: see `LeftoverMark`. */
  readonly step: string
  readonly timeoutMs: number
  readonly mostBytes: number
  readonly signal: AbortSignal
}

export interface Captured {
  readonly end: ChildEnd
  readonly output: Uint8Array
}

export type CaptureFault =
  | { readonly kind: 'slow' | 'large' | 'killed' }
  | { readonly kind: 'not_started'; readonly reason: string }

/**
 * How a child and its descendants are found again after our own death: by a note written beside the output at once
 * after the start (pid, start time, boot id), and by the variable `ORCHASTRATION_STEP` in their environment.
 */
export interface LeftoverMark {
  /** The step's idempotency key, `<run id>/<number>`: the value of the variable. */
  readonly step: string
  /** Where the note of the process is kept. Not synced: it only has to survive us, not the machine. */
  readonly notePath: string
}

export interface Leftover {
  readonly pid: number
  readonly command: string
}

export interface Child {
  readonly pid: number
  /** Settles when the child itself has ended. */
  readonly ended: Promise<ChildEnd>
  /**
   * Ends the whole tree: TERM to all, KILL to what is left after the grace, descendants that left the group
   * included. Resolves once nothing of it lives. Calling it again with a shorter grace shortens the wait.
   */
  end(graceMs: number): Promise<void>
}

export type ChildEnd = (
  | { readonly kind: 'exited'; readonly exit: number }
  | { readonly kind: 'signalled'; readonly signal: string }
) & {
  /** Why its output could not be kept, where we kept it: an `output_lost`. */
  readonly lost?: Failure
  /** Something that it started lives on, and may still write into the two files. */
  readonly hasLeft?: true
}
