import * as z from 'zod/mini'
import type { Json } from '#base/json.ts'

const text = z.string()
/** zod's own type of JSON is a mutable one. */
const json = z.json() as unknown as z.ZodMiniType<Json>

/** What a command changes: one step of the graph, or every step that a role takes. */
const Target = z.union([z.strictObject({ node: text }), z.strictObject({ role: text })])
export type Target = z.infer<typeof Target>

const Limits = z.strictObject({
  replies: z.optional(z.int().check(z.gte(1))),
  tool_calls: z.optional(z.int().check(z.gte(0))),
  timeout_seconds: z.optional(z.int().check(z.gte(1))),
  max_reply_bytes: z.optional(z.int().check(z.gte(1))),
})
/** How far an agent's turn may go. */
export type TurnLimits = z.infer<typeof Limits>

/**
 * What can be said to a run between its steps, as data: so it comes in as a signal, so it stands in the log. In a rule,
 * an empty node means the one that the rule applies to.
 */
export const SteeringCommand = z.discriminatedUnion('do', [
  /** Lets a step begin that the run asks about; without one, ends a pause. */
  z.strictObject({ do: z.literal('continue'), node: z.nullable(text) }),
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('stop'), reason: z.optional(text) }),
  /** The next turn of a step is left out. */
  z.strictObject({ do: z.literal('skip'), node: text }),
  /** A step is not done any more. */
  z.strictObject({ do: z.literal('drop'), node: text }),
  z.strictObject({ do: z.literal('disable'), role: text }),
  /** Takes back what skips a role, or a step. */
  z.strictObject({ do: z.literal('enable'), target: Target }),
  z.strictObject({
    do: z.literal('patch'),
    target: Target,
    how: z.enum(['append', 'replace']),
    text,
    /** For the next turn only. */
    once: z.boolean(),
  }),
  z.strictObject({ do: z.literal('clear'), target: Target }),
  z.strictObject({ do: z.literal('backend'), target: Target, backend: text }),
  z.strictObject({ do: z.literal('temperature'), target: Target, temperature: z.number().check(z.gte(0), z.lte(2)) }),
  z.strictObject({ do: z.literal('limit'), target: Target, limits: Limits }),
  /** A step is done once more. */
  z.strictObject({ do: z.literal('repeat'), node: text }),
  /** Writes a value of the shared context. */
  z.strictObject({ do: z.literal('set'), key: text, value: json }),
  /** What a proposed call of a tool is answered with; without its number, the oldest of that step. */
  z.strictObject({
    do: z.enum(['approve', 'reject']),
    node: text,
    proposal: z.optional(z.int()),
    reason: z.optional(text),
  }),
  z.strictObject({ do: z.literal('snapshot'), name: text }),
])
export type SteeringCommand = z.infer<typeof SteeringCommand>

/** The name of the signal that carries a command to a run. */
export const STEER_SIGNAL = 'steer'

/** What such a signal carries. */
export interface Steer {
  readonly command: SteeringCommand
  /** Who said it, as the log names people. */
  readonly by: string
  readonly [key: string]: Json | undefined
}

/** The step that the command is about; undefined where it is about a role or the whole run. */
export function nodeOf(command: SteeringCommand): string | undefined {
  if ('target' in command) return 'node' in command.target ? command.target.node : undefined
  return 'node' in command ? (command.node ?? undefined) : undefined
}

/** The command of a rule, said about the step that the rule applies to. */
export function about(command: SteeringCommand, node: string): SteeringCommand {
  if ('target' in command) return nodeOf(command) === '' ? { ...command, target: { node } } : command
  return 'node' in command && command.node === '' ? { ...command, node } : command
}
