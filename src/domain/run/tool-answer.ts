import type { FileChange } from './file-change.ts'

/** Why a tool did not do what it was asked for. It is an answer to the agent and a fact of the log, no failure. */
export type ToolError =
  | 'unknown_tool'
  | 'bad_arguments'
  | 'unusable_path'
  | 'no_workspace'
  | 'outside'
  | 'not_in_scope'
  | 'protected'
  | 'missing'
  | 'not_a_file'
  | 'not_a_directory'
  | 'binary'
  | 'too_large'
  | 'read_only'
  | 'no_match'
  | 'ambiguous'
  | 'bad_pattern'
  | 'changed_meanwhile'
  | 'unknown_command'
  | 'not_run'
  | 'system'

export type ToolRefusal = {
  readonly ok: false
  readonly error: ToolError
  /** One or two sentences for the agent: what, why, and what would do. */
  readonly message: string
}

export type ReadAnswer = {
  readonly ok: true
  readonly path: string
  /** Of the whole file. */
  readonly bytes: number
  readonly sha256: string
  readonly lines: number
  /** The lines that are given, from 1; `to` is before `from` where there are none. */
  readonly from: number
  readonly to: number
  readonly text: string
  /** Not all that was asked for is given: it is too long for one answer. */
  readonly cut?: true
  /** Secrets of the run stand in it as stars; who writes the text back writes stars. */
  readonly hidden?: true
}

export type ListAnswer = {
  readonly ok: true
  readonly path: string
  readonly entries: readonly ListEntry[]
  /** Whether there are more than are listed. */
  readonly cut: boolean
}

export type ListEntry = {
  /** Below the listed directory. */
  readonly path: string
  /** `refused`: it is there, and not for agents. */
  readonly kind: 'file' | 'directory' | 'link' | 'other' | 'refused'
  /** Of a file. */
  readonly bytes?: number
}

export type SearchAnswer = {
  readonly ok: true
  readonly matches: readonly SearchMatch[]
  /** Files that were looked through. */
  readonly files: number
  /** Files that were left out: refused, binary or too large. */
  readonly left_out: number
  /** Why it ended before everything was looked through. */
  readonly cut?: 'matches' | 'files' | 'bytes' | 'time'
}

export type SearchMatch = { readonly path: string; readonly line: number; readonly text: string }

export type WriteAnswer = FileChange & { readonly ok: true; readonly edits?: number }

export type RunAnswer = {
  readonly ok: true
  readonly command: string
  /** Null where a signal ended it. */
  readonly exit: number | null
  readonly signal: string | null
  readonly stdout: PrintedText
  readonly stderr: PrintedText
  readonly started_at: number
  readonly ended_at: number
  /** It was ended because it took too long. */
  readonly timed_out?: true
}

/** What a command printed: the whole of it by digest, of much the end as text. */
export type PrintedText = { readonly digest: string; readonly bytes: number; readonly text: string }

export type ToolAnswer = ReadAnswer | ListAnswer | SearchAnswer | WriteAnswer | RunAnswer | ToolRefusal
