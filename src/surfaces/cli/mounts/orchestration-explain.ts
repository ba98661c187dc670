import type { ShownOrchestration } from '#app/orchestrations.ts'
import { onOneLine } from '#base/text.ts'
import { workerOf } from '#domain/definition/orchestration-graph.ts'
import { mount, printJson } from '../mount.ts'

/** `orchestration explain`: the graph as text, as JSON or as a diagram in Mermaid. */
export const orchestrationExplain = mount<ShownOrchestration>(({ io, json, options }) => ({
  answer: (shown) => {
    const { name, description, isBuiltIn, tasks, nodes } = shown
    if (json) {
      const about = { name, ...(description !== undefined && { description }), built_in: isBuiltIn, tasks }
      printJson(io, 'orchestration explain', { ...about, nodes })
    } else io.out(options['mermaid'] === true ? mermaidText(shown) : graphText(shown))
    return 0
  },
}))

function graphText({ name, description, tasks, nodes }: ShownOrchestration): string {
  const width = Math.max(...nodes.map(({ id }) => id.length))
  const roles = Math.max(...nodes.map((node) => workerOf(node).length))
  return [
    description === undefined ? onOneLine(name) : `${onOneLine(name)} - ${onOneLine(description)}`,
    ...(tasks.length === 0 ? [] : [`for ${tasks.join(', ')}`]),
    ...nodes.map((node) => {
      const after = node.needs.length === 0 ? '' : `after ${node.needs.join(', ')}`
      return `  ${node.id.padEnd(width)}  ${workerOf(node).padEnd(roles)}  ${after}`.trimEnd()
    }),
    '',
  ].join('\n')
}

function mermaidText({ nodes }: ShownOrchestration): string {
  const boxes = nodes.map((node) => `  ${node.id}["${workerOf(node)}"]`)
  const arrows = nodes.flatMap(({ id, needs }) => needs.map((need) => `  ${need} --> ${id}`))
  return `${['flowchart TD', ...boxes, ...arrows].join('\n')}\n`
}
