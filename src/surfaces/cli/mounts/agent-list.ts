import type { ListedAgent } from '#app/operations/list-agents.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `agent list`: the ancestor's lines. */
export const agentList = mount<readonly ListedAgent[]>(({ io, json }) => ({
  answer: (agents) => {
    if (json) {
      printJson(io, 'agent list', {
        agents: agents.map(({ isBuiltIn, description = null, ...rest }) => ({
          ...rest,
          description,
          built_in: isBuiltIn,
        })),
      })
    } else {
      io.out('available agents:\n')
      for (const { name, description = '(no capabilities listed)', capabilities } of agents) {
        io.out(`- ${name}: ${onOneLine(capabilities.length === 0 ? description : capabilities.join('; '))}\n`)
      }
    }
    return 0
  },
}))
