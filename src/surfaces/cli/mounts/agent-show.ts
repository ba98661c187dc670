import { shellWord } from '#app/failure-texts/text.ts'
import type { ShownAgent } from '#app/operations/show-agent.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

const LABEL = 14

/** `agent show`: an agent, a line for each thing that is said of it. */
export const agentShow = mount<ShownAgent>(({ io, json, options }) => ({
  answer: (agent) => {
    if (json) {
      const { isBuiltIn, ...rest } = agent
      printJson(io, 'agent show', { ...rest, built_in: isBuiltIn })
    } else io.out(options['prompt'] === true ? `${agent.prompt}\n` : textOf(agent))
    return 0
  },
}))

function textOf({
  name,
  description,
  capabilities,
  reads,
  writes,
  tools,
  output,
  backend,
  limits = {},
  command,
  instructions,
  version,
}: ShownAgent): string {
  const rows = [
    ['can', capabilities.join('; ')],
    ['reads', reads.join(', ')],
    ['writes', writes.join(', ')],
    ['tools', tools.join(', ')],
    ['hands in', output],
    ['backend', backend ?? 'none of its own: name one with --backend'],
    [
      'limits',
      Object.entries(limits)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    ['command', command?.map(shellWord).join(' ') ?? ''],
    ['instructions', instructions],
    ['version', version === 0 ? '' : String(version)],
  ] as const
  const shown = rows.filter(([, text]) => text !== '')
  const title = description === undefined ? name : `${name} - ${description}`
  return `${[onOneLine(title), ...shown.map(([label, text]) => `  ${label.padEnd(LABEL)}${onOneLine(text)}`)].join('\n')}\n`
}
