import { graphOfNodes } from '#domain/definition/node-graph.ts'
import type { OrchestrationNode } from '#domain/definition/orchestration-node.ts'
import { withRework } from '#domain/definition/rework.ts'
import type { Task } from '#domain/definition/task.ts'
import type { PlannedAgent } from '#workflows/agents/planned-agent.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'

/** An agent of one's own that is a command: it writes and may read these keys. */
export function player(name: string, writes: readonly string[], reads: readonly string[] = []): PlannedAgent {
  return {
    name,
    built_in: false,
    role: { instructions: '', version: 0, reads, feedback: [], writes, tools: [], output: 'context' },
    backend: 'command',
    limits: {},
    directory: '/',
    command: ['play', name],
  }
}

/** Our own reviewer, which a fake activity answers for. */
const REVIEWER: PlannedAgent = {
  ...player('ReviewerAgent', ['review.status', 'review.report', 'review.findings']),
  built_in: true,
}

const TASK: Task = { repo: 'external', working_dir: '/', command: ['make'] }

/** The input of a run of these nodes; agents that write `build.outputs` mend what reviewers reject. */
export function piece(
  nodes: readonly OrchestrationNode[],
  agents: readonly PlannedAgent[] = [],
  more: Partial<OrchestrationInput> = {},
): OrchestrationInput {
  const mends = new Set(agents.flatMap(({ name, role }) => (role.writes.includes('build.outputs') ? [name] : [])))
  return {
    name: 'piece',
    task: 'site',
    choice: [],
    nodes: withRework(graphOfNodes(nodes), (node) => ({
      judges: node.with.agent === 'ReviewerAgent',
      mends: mends.has(node.with.agent),
    })),
    agents: [...agents, REVIEWER],
    tasks: [{ name: 'site', task: TASK }],
    jobs: [],
    parallel: 100,
    ...more,
  }
}
