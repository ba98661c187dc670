import type { CommandReport } from '#domain/failure.ts'
import { activity } from '#engine/workflow.ts'

/** A command, ready to run. */
export type CommandInput = {
  readonly argv: readonly [string, ...string[]]
  /** Absolute. */
  readonly directory: string
  /** Set over the inherited environment. */
  readonly env: Readonly<Record<string, string>>
}

/** Runs one command and keeps its output. An exit code other than 0 is a failure. */
export const command = activity<CommandInput, CommandReport>('command')
