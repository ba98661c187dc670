import type { ShownOrchestration } from '#app/orchestrations.ts'
import { onOneLine } from '#base/text.ts'
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
  const roles = Math.max(...nodes.map(({ role }) => role.length))
  return [
    description === undefined ? onOneLine(name) : `${onOneLine(name)} - ${onOneLine(description)}`,
    ...(tasks.length === 0 ? [] : [`for ${tasks.join(', ')}`]),
    ...nodes.map(({ id, role, needs }) =>
      `  ${id.padEnd(width)}  ${role.padEnd(roles)}  ${needs.length === 0 ? '' : `after ${needs.join(', ')}`}`.trimEnd(),
    ),
    '',
  ].join('\n')
}

function mermaidText({ nodes }: ShownOrchestration): string {
  const boxes = nodes.map(({ id, role }) => `  ${id}["${role}"]`)
  const arrows = nodes.flatMap(({ id, needs }) => needs.map((need) => `  ${need} --> ${id}`))
  return `${['flowchart TD', ...boxes, ...arrows].join('\n')}\n`
}
