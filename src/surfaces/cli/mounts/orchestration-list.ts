import type { ListedOrchestration } from '#app/operations/list-orchestrations.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `orchestration list`: the ancestor's lines. */
export const orchestrationList = mount<readonly ListedOrchestration[]>(({ io, json }) => ({
  answer: (orchestrations) => {
    if (json) {
      const shown = orchestrations.map(({ isBuiltIn, ...rest }) => ({ ...rest, built_in: isBuiltIn }))
      printJson(io, 'orchestration list', { orchestrations: shown })
    } else {
      io.out('available orchestrations:\n')
      for (const { name, description = '(no description)' } of orchestrations) {
        io.out(`- ${name}: ${onOneLine(description)}\n`)
      }
    }
    return 0
  },
}))
