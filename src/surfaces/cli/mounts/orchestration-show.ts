import { shellWord } from '#app/failure-texts/text.ts'
import type { SetUpOrchestration } from '#app/operations/show-orchestration.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

const LABEL = 12

/** `orchestration show`: how it is set up, a line for each thing that is said of it. */
export const orchestrationShow = mount<SetUpOrchestration>(({ io, json }) => ({
  answer: (shown) => {
    if (json) {
      const { isBuiltIn, ...rest } = shown
      printJson(io, 'orchestration show', { ...rest, built_in: isBuiltIn })
    } else io.out(textOf(shown))
    return 0
  },
}))

function textOf({ name, description, tasks, agents, others, spaces, commands }: SetUpOrchestration): string {
  const { workspace, references, domain, read_scope: reads, write_scope: writes, allow } = spaces
  const rows: readonly (readonly [string, string])[] = [
    ['tasks', tasks.join(', ')],
    ...agents.map(({ node, agent, backend }) => ['agent', `${node}: ${agent}, by ${backend}`] as const),
    ...others.map(({ node, kind }) => [kind, node] as const),
    ['workspace', workspace],
    ...references.map((directory) => ['reference', directory] as const),
    ['domain', domain === workspace ? '' : domain],
    ['may read', reads.join(', ')],
    ['may write', writes.join(', ')],
    ['allowed', allow.join(', ')],
    ['may run', commands.join(', ')],
  ]
  const shown = rows.filter(([, text]) => text !== '')
  const title = description === undefined ? name : `${name} - ${description}`
  const width = Math.max(LABEL, ...shown.map(([label]) => label.length + 2))
  return [
    onOneLine(title),
    ...shown.map(([label, text]) => `  ${label.padEnd(width)}${onOneLine(text)}`),
    `its graph:  orchastration orchestration explain ${shellWord(name)}`,
    '',
  ].join('\n')
}
