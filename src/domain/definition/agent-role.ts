import { BUILT_IN_ROLES, type Role } from '#domain/agents/role.ts'
import type { Agent } from './agent.ts'

/** The role that an agent of one's own has. One that is called as a built-in one is that, with what it says otherwise. */
export function ownRole(name: string, agent: Agent): Role {
  const base = BUILT_IN_ROLES.find((role) => role.name === name) ?? { ...BLANK, name }
  const { capabilities, reads, writes, instructions, tools, output } = base
  const { capabilities: can = capabilities, reads: read = reads, writes: write = writes } = agent
  const { instructions: told = instructions, tools: has = tools, output: handsIn = output } = agent
  const version = told === instructions ? base.version : 0
  const own = { capabilities: can, reads: read, writes: write, instructions: told, tools: has, output: handsIn }
  return { name, ...own, feedback: base.feedback, version }
}

const BLANK: Omit<Role, 'name'> = {
  capabilities: [],
  reads: [],
  feedback: [],
  writes: [],
  tools: [],
  output: 'context',
  instructions: '',
  version: 0,
}

/** Whether its turns with the backend `command` are our own deterministic code. */
export function isBuiltInAgent(name: string, own: Agent | undefined): boolean {
  if (own === undefined) return true
  return own.command === undefined && BUILT_IN_ROLES.some((role) => role.name === name)
}
