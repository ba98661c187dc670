import type { WorkflowContext } from '#engine/workflow.ts'

/** The context of one item of a node: its steps say for which one they are, as in `each[2]:reply`. */
export function itemContext(ctx: WorkflowContext, node: string, index: number): WorkflowContext {
  return {
    ...ctx,
    run: (contract, input, options = {}) => {
      const { name } = options
      const isOwn = name === node || name?.startsWith(`${node}:`) === true
      return ctx.run(
        contract,
        input,
        isOwn ? { ...options, name: `${node}[${index}]${name.slice(node.length)}` } : options,
      )
    },
  }
}
