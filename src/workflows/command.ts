import type { SecretSource } from '#domain/definition/secret.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { activity } from '#engine/workflow.ts'

/** A command, ready to run. */
export type CommandInput = {
  readonly argv: readonly [string, ...string[]]
  /** Absolute. */
  readonly directory: string
  /** Set over the inherited environment and over the files of variables. */
  readonly env: Readonly<Record<string, string>>
  /** Exit codes beside 0 that count as success. */
  readonly allow_exit?: readonly number[]
  /** Files of variables, relative to the directory; later ones win. */
  readonly env_files?: readonly string[]
  /** Where the values of secret variables come from. */
  readonly secrets?: Readonly<Record<string, SecretSource>>
  /** What the command has to do with files; absent where the job names none. */
  readonly files?: FileRules
  /** Whether it runs on a terminal. */
  readonly pty?: boolean
}

/** The files that a job names, as patterns relative to its directory, and what follows from them. */
export type FileRules = {
  readonly inputs?: readonly string[]
  readonly outputs?: readonly string[]
  readonly artifacts?: readonly string[]
  /** Whether unchanged files may mean that the command need not run. Default: true. */
  readonly cache?: boolean
  /** It runs whatever the files say. */
  readonly force?: boolean
}

/** Runs one command and keeps its output. An exit code that is not allowed is a failure. */
export const command = activity<CommandInput, CommandReport>('command')
