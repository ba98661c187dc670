import type { ListedAgent } from '#app/operations/list-agents.ts'
import { mount, printJson } from '../mount.ts'

/** `agent list`: the ancestor's lines. */
export const agentList = mount<readonly ListedAgent[]>(({ io, json }) => ({
  answer: (agents) => {
    if (json) {
      printJson(io, 'agent list', {
        agents: agents.map(({ isBuiltIn, ...rest }) => ({ ...rest, built_in: isBuiltIn })),
      })
    } else {
      io.out('available agents:\n')
      for (const { name, capabilities } of agents) {
        const text = capabilities.length === 0 ? '(no capabilities listed)' : capabilities.join('; ')
        io.out(`- ${name}: ${text}\n`)
      }
    }
    return 0
  },
}))
