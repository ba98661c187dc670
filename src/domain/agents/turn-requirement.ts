import type { AnyTool } from './tool-name.ts'

/** What each turn of an agent must do to count. */
export type TurnRequirement = {
  readonly read: boolean
  readonly write: boolean
  readonly tools: readonly string[]
}

export const READING_TOOLS: readonly AnyTool[] = ['read', 'list', 'search']
export const WRITING_TOOLS: readonly AnyTool[] = ['write', 'edit']

/** What a turn has left undone, for whoever takes it; calls that were refused count for nothing. */
export function leftUndone({ read, write, tools }: TurnRequirement, done: ReadonlySet<string>): readonly string[] {
  return [
    ...(read && !READING_TOOLS.some((tool) => done.has(tool)) ? ['the turn must read, and nothing was read'] : []),
    ...(write && !WRITING_TOOLS.some((tool) => done.has(tool)) ? ['the turn must write, and nothing was written'] : []),
    ...tools.flatMap((tool) => (done.has(tool) ? [] : [`the turn must use the tool ${tool}, and did not`])),
  ]
}
