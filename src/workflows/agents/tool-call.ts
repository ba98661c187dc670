import type { Json } from '#base/json.ts'
import type { ToolCall } from '#domain/agents/message.ts'
import type { Spaces } from '#domain/agents/spaces.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import type { ToolAnswer } from '#domain/run/tool-answer.ts'
import { activity, type Pending, type StepOptions, type WorkflowContext } from '#engine/workflow.ts'
import type { CommandInput } from '../command.ts'

/** What agents of a run may touch, run, and never see: pinned when it is planned. */
export type PlannedTools = {
  readonly spaces: Spaces
  /** The commands that agents may run, by name. */
  readonly commands: Readonly<Record<string, ToolCommand>>
  /** Variables that those commands get beside the usual ones. */
  readonly environment: readonly string[]
  /** Where the secrets of the run come from: their values are hidden in all that tools answer. */
  readonly secrets: readonly KnownSecret[]
}

export type ToolCommand = CommandInput & {
  readonly timeout_seconds?: number
  /** A person is asked before it starts, so no agent starts it. */
  readonly asks_first?: true
}

export type KnownSecret = { readonly source: SecretSource; readonly directory: string }

export type ToolInput = {
  readonly tool: string
  readonly args: Json
  readonly node: string
  readonly tools: PlannedTools
}

/** Does what an agent asks of a tool. What it may not have, and what cannot be done, is an answer and no failure. */
const tool = activity<ToolInput, ToolAnswer>('tool')

const USUAL_TIMEOUT_MS = 60_000
const MOST_NAME_LENGTH = 120

/**
 * Calls a tool for an agent, as a step of its node that says what is done.
 */
export function callTool(
  ctx: WorkflowContext,
  node: string,
  { call, tools }: { readonly call: ToolCall; readonly tools: PlannedTools },
): Pending<ToolAnswer> {
  return ctx.run(tool, { node, tool: call.tool, args: call.args, tools }, optionsOf(node, call, tools))
}

/** All but commands may start anew after a crash: what a write has left half done is taken back first. */
function optionsOf(node: string, { tool: name, args }: ToolCall, { commands }: PlannedTools): StepOptions {
  const about = subjectOf(args)
  const stepName = `${node}:${name}${about === undefined ? '' : ` ${about}`}`
  const command = name === 'run' && about !== undefined && Object.hasOwn(commands, about) ? commands[about] : undefined
  const limit = command === undefined ? undefined : (command.timeout_seconds ?? 0)
  return {
    name: stepName.slice(0, MOST_NAME_LENGTH),
    idempotent: name !== 'run',
    ...(limit === undefined ? { timeoutMs: USUAL_TIMEOUT_MS } : limit > 0 && { timeoutMs: limit * 1000 }),
  }
}

/** The path, pattern or command that a call is about. */
function subjectOf(args: Json): string | undefined {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return undefined
  const { path, pattern, command } = args as Readonly<Record<string, Json>>
  return [path, pattern, command].find((value) => typeof value === 'string')
}
