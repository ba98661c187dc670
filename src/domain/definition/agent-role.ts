import type { Role } from '#domain/agents/role.ts'
import type { Agent } from './agent.ts'

/** The role that an agent of one's own has. */
export function ownRole(name: string, agent: Agent): Role {
  const { capabilities = [], reads = [], writes = [], instructions = '', tools = [], output = 'context' } = agent
  return { name, capabilities, reads, feedback: [], writes, instructions, tools, output, version: 0 }
}
