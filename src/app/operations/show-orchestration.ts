import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { Spaces } from '#domain/agents/spaces.ts'
import { workersOf } from '#workflows/agents/workers.ts'
import { configWithAgents } from '../agent-files.ts'
import { withPlaces } from '../graph-places.ts'
import type { Operation } from '../operation.ts'
import { DEFAULT_ORCHESTRATION, findOrchestration } from '../orchestrations.ts'
import { plannedAgents } from '../plan-orchestration.ts'
import { planTools } from '../plan-tools.ts'

const Input = z.object({ name: z.optional(z.string()) })

/** An orchestration as it is set up here: who takes part, by which backends, where, and on what. */
export interface SetUpOrchestration {
  readonly name: string
  readonly description?: string
  readonly isBuiltIn: boolean
  readonly tasks: readonly string[]
  readonly agents: readonly { readonly node: string; readonly agent: string; readonly backend: string }[]
  /** Nodes that no agent takes, by their kind. */
  readonly others: readonly { readonly node: string; readonly kind: string }[]
  readonly spaces: Spaces
  /** What its agents may run, by name. */
  readonly commands: readonly string[]
}

/** Shows how an orchestration is set up; what follows what is shown by `explain`. */
export const showOrchestration: Operation<z.infer<typeof Input>, SetUpOrchestration> = {
  name: 'orchestration show',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ name = DEFAULT_ORCHESTRATION }, { services }) => {
    const loaded = await configWithAgents(services)
    if (!loaded.ok) return loaded
    const found = await withPlaces(findOrchestration(loaded.value.config, name), loaded.value, services.configFiles)
    if (!found.ok) return found
    const { nodes, tools: settings, tasks, isBuiltIn, description } = found.value
    const tools = planTools(loaded.value, settings, services)
    if (!tools.ok) return tools
    const workers = workersOf(nodes, plannedAgents(loaded.value, [found.value], services.currentDirectory))
    return ok({
      name,
      isBuiltIn,
      tasks,
      ...(description !== undefined && { description }),
      agents: workers.map(({ node, agent, backend }) => ({ node, agent: agent.name, backend })),
      others: nodes.flatMap(({ id, kind }) => (kind === 'agent' ? [] : [{ node: id, kind }])),
      spaces: tools.value.spaces,
      commands: Object.keys(tools.value.commands),
    })
  },
}
