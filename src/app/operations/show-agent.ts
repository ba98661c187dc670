import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import { instructionsFor } from '#domain/agents/prompt.ts'
import { BUILT_IN_ROLES, DEFAULT_ROLES, type Role } from '#domain/agents/role.ts'
import type { Agent } from '#domain/definition/agent.ts'
import { configWithAgents } from '../agent-files.ts'
import type { Operation } from '../operation.ts'
import { roleOf } from '../orchestrations.ts'

const Input = z.object({ agent: z.string() })

export interface ShownAgent extends Role {
  readonly isBuiltIn: boolean
  readonly description?: string
  /** What takes its turns; null where one must be named for the run. */
  readonly backend: 'command' | 'human' | 'scripted' | null
  /** All that it is told for the whole of a turn. */
  readonly prompt: string
  readonly limits?: Agent['limits']
  /** Undefined where it has none of its own. */
  readonly command?: readonly string[]
}

/** One agent: what it can do, and what of the shared context it reads and writes. */
export const showAgent: Operation<z.infer<typeof Input>, ShownAgent> = {
  name: 'agent show',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ agent: name }, call) => {
    const loaded = await configWithAgents(call.services)
    if (!loaded.ok) return loaded
    const { config } = loaded.value
    const role = roleOf(config, name)
    const own = Object.hasOwn(config.agents ?? {}, name) ? config.agents?.[name] : undefined
    if (role !== undefined) {
      const { backend = usualBackend(role, own), command, description, limits, calls } = own ?? {}
      return ok({
        ...role,
        isBuiltIn: own === undefined,
        backend,
        prompt: instructionsFor({ ...role, commands: [], callsInText: calls === 'text' }),
        ...(description !== undefined && { description }),
        ...(command !== undefined && { command }),
        ...(limits !== undefined && { limits }),
      })
    }
    const known = [...BUILT_IN_ROLES.map((each) => each.name), ...Object.keys(config.agents ?? {})]
    const suggestion = nearest(name, known)
    return err({ code: 'unknown_agent', agent: name, known, ...(suggestion !== undefined && { nearest: suggestion }) })
  },
}

/** Of some roles we have no deterministic code. */
function usualBackend({ name }: Role, own: Agent | undefined): 'command' | null {
  return own !== undefined || DEFAULT_ROLES.includes(name) ? 'command' : null
}
