import { ok } from '#base/result.ts'
import type { NodeOf } from '#domain/definition/orchestration-graph.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { TurnEnd } from '../../agents/turn.ts'
import { command } from '../../command.ts'

/** Runs the command of a node as a step that has the node's name; its exit code is all that there is to say. */
export async function runCommandNode(ctx: WorkflowContext, { id, with: work }: NodeOf<'command'>): Promise<TurnEnd> {
  const { command: words, working_dir: directory = '.', env = {} } = work
  // A text for a shell became the shell's arguments when the run was planned.
  const [program = '', ...args] = typeof words === 'string' ? [words] : words
  const ran = await ctx.run(command, { argv: [program, ...args], directory, env }, { name: id })
  return ran.ok ? ok({ writes: {}, message: `exit ${ran.value.exit}` }) : ran
}
