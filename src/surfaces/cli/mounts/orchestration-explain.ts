import type { FlowSource, ShownFlow } from '#app/flows.ts'
import type { ShownOrchestration } from '#app/orchestrations.ts'
import { onOneLine } from '#base/text.ts'
import { workerOf } from '#domain/definition/orchestration-graph.ts'
import { flowLines } from '../flow-lines.ts'
import { mount, printJson } from '../mount.ts'

/** `orchestration explain`: the graph as text, as JSON or as a diagram in Mermaid. */
export const orchestrationExplain = mount<ShownOrchestration | ShownFlow>(({ io, json, options }) => ({
  answer: (shown) => {
    const { name, description, isBuiltIn, tasks, nodes } = shown
    if (json) {
      const about = { name, ...(description !== undefined && { description }), built_in: isBuiltIn, tasks }
      printJson(io, 'orchestration explain', {
        ...about,
        nodes,
        ...('flow' in shown && { flow: flowDocument(shown.flow) }),
      })
    } else
      io.out(
        options['mermaid'] === true
          ? mermaidText(shown)
          : `${graphText(shown)}${'flow' in shown ? `\n${flowLines(shown.flow, nodes).join('\n')}\n` : ''}`,
      )
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

function flowDocument({ path, task, script, sources, spaces, parts, roles, unheeded }: FlowSource): object {
  const { workspace, references, domain, readScope, writeScope } = spaces
  return {
    path,
    task: task ?? null,
    script: script ?? null,
    parts,
    roles: roles.map(({ timeoutSeconds = null, ...role }) => ({ ...role, timeout_seconds: timeoutSeconds })),
    spaces: { workspace, references, domain, read_scope: readScope, write_scope: writeScope },
    files: sources,
    not_honoured: unheeded,
  }
}
