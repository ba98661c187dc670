import type { FlowSource, ShownFlow } from '#app/flows.ts'
import type { ShownOrchestration } from '#app/orchestrations.ts'
import { onOneLine } from '#base/text.ts'
import { flowLines } from '../flow-lines.ts'
import { graphLines, mermaidOf } from '../graph-text.ts'
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
        tools: shown.tools,
        ...('flow' in shown && { flow: flowDocument(shown.flow) }),
      })
    } else
      io.out(
        options['mermaid'] === true
          ? mermaidOf(nodes)
          : `${graphText(shown)}${'flow' in shown ? `\n${flowLines(shown.flow, nodes).join('\n')}\n` : ''}`,
      )
    return 0
  },
}))

function graphText(shown: ShownOrchestration): string {
  const { name, description, tasks, nodes } = shown
  return [
    description === undefined ? onOneLine(name) : `${onOneLine(name)} - ${onOneLine(description)}`,
    ...(tasks.length === 0 ? [] : [`for ${tasks.join(', ')}`]),
    ...graphLines(nodes),
    // The files of a flow say it in their own words.
    ...('flow' in shown ? [] : toolLines(shown.tools)),
    '',
  ].join('\n')
}

/** Where its agents work and what they may, as far as it says so. */
function toolLines(tools: ShownOrchestration['tools']): readonly string[] {
  return Object.entries(WORDS).flatMap(([key, word]) => {
    const value = tools[key as keyof typeof WORDS]
    if (value === undefined) return []
    const text = typeof value === 'string' ? value : value.join(', ')
    return [`  ${word.padEnd(10)}  ${onOneLine(text === '' ? 'nothing' : text)}`]
  })
}

const WORDS = {
  workspace: 'workspace',
  references: 'references',
  domain: 'domain',
  read_scope: 'may read',
  write_scope: 'may write',
  allow: 'allowed',
  commands: 'commands',
  variables: 'variables',
} as const satisfies Readonly<Record<keyof ShownOrchestration['tools'], string>>

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
