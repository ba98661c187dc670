import type * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import { refusal } from '#domain/agents/refusal.ts'
import { type FileToolName, isFileTool, TOOL_ARGUMENTS, type ToolArguments } from '#domain/agents/tool-arguments.ts'
import type { Failure } from '#domain/failure.ts'
import type { ToolAnswer } from '#domain/run/tool-answer.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { ToolInput } from '#workflows/agents/tool-call.ts'
import { maskOfKnown } from './known-secrets.ts'
import { list } from './tools/list.ts'
import { read } from './tools/read.ts'
import { run } from './tools/run.ts'
import { search } from './tools/search.ts'
import type { Calling, ToolParts } from './tools/tool-parts.ts'
import { edit, write } from './tools/write.ts'

type Answering = Result<ToolAnswer, Failure>

/** Does what agents ask of tools. What they may not have, and what cannot be done, is an answer to them. */
export function toolActivity(parts: ToolParts): Activity {
  return {
    run: async (input, attempt) => await call(parts, input as ToolInput, attempt),
    endLeftovers: async (key) => {
      const ended = (await parts.command([]).endLeftovers?.(key)) ?? 0
      const back = parts.workspace.takeBack(key)
      return ended + (back.ok && back.value ? 1 : 0)
    },
  }
}

async function call(parts: ToolParts, { tool, args, tools }: ToolInput, attempt: ActivityAttempt): Promise<Answering> {
  if (!isFileTool(tool)) {
    const known = Object.keys(TOOL_ARGUMENTS).join(', ')
    return ok(refusal('unknown_tool', `there is no tool ${JSON.stringify(tool)}; there are: ${known}`))
  }
  const parsed = TOOL_ARGUMENTS[tool].safeParse(args)
  if (!parsed.success) return ok(refusal('bad_arguments', `${tool} cannot be called so: ${faultsOf(parsed.error)}`))
  // It may have come while the step was being started; nothing is changed after that.
  if (attempt.signal.aborted) return err(attempt.signal.reason as Failure)
  const { spaces } = tools
  const workspace = parts.workspace.locate('.', 'read', spaces)
  if (!workspace.ok && workspace.error.kind === 'no_workspace') {
    return err({ code: 'working_dir_missing', directory: spaces.workspace })
  }
  const mask = await maskOfKnown(tools.secrets, parts.surroundings)
  return await perform(tool, { ...parts, args: parsed.data, tools, attempt, mask })
}

/** The arguments are those of the tool: they were read by its own schema. */
async function perform(tool: FileToolName, calling: Calling<unknown>): Promise<Answering> {
  switch (tool) {
    case 'read':
      return ok(read(calling as Calling<ToolArguments<'read'>>))
    case 'list':
      return ok(list(calling as Calling<ToolArguments<'list'>>))
    case 'search':
      return await search(calling as Calling<ToolArguments<'search'>>)
    case 'write':
      return ok(write(calling as Calling<ToolArguments<'write'>>))
    case 'edit':
      return ok(edit(calling as Calling<ToolArguments<'edit'>>))
    case 'run':
      return await run(calling as Calling<ToolArguments<'run'>>)
  }
}

function faultsOf({ issues }: z.core.$ZodError): string {
  return issues.map((issue) => `${issue.path.join('.') || 'the arguments'}: ${wordsFor(issue)}`).join('; ')
}

function wordsFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected} is needed`
    case 'unrecognized_keys':
      return `unknown: ${issue.keys.join(', ')}`
    case 'too_small':
      return `no less than ${issue.minimum}`
    case 'too_big':
      return `no more than ${issue.maximum}`
    default:
      return 'it cannot be used'
  }
}
