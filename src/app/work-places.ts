import type { PlannedAgent } from '#workflows/agents/planned-agent.ts'
import { workersOf } from '#workflows/agents/workers.ts'
import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { Checkouts } from './checkouts-port.ts'

/** Those of the directories in which a run may change something that lie in repositories. */
export function treePlaces(input: OrchestrationInput, checkouts: Checkouts): readonly string[] {
  return workPlaces(input).filter((directory) => checkouts.isInRepository(directory))
}

/** The directories in which a run may change something, each once. */
export function workPlaces(input: OrchestrationInput): readonly string[] {
  const { agents, tasks, jobs, job_nodes = {}, graphs = [] } = input
  const nodes = [...input.nodes, ...graphs.flatMap((graph) => graph.nodes)]
  // The deterministic agents of ours change what tasks and jobs say; people work where they like.
  const free = workersOf(nodes, agents).filter(
    ({ agent, backend }) => !(agent.built_in && backend === 'command') && backend !== 'human',
  )
  const directories = [
    ...free.flatMap(({ agent, backend }) => (backend === 'command' ? [agent.directory] : [])),
    ...(free.some(({ agent, backend }) => backend !== 'command' && mayWrite(agent)) ? writable(input.tools) : []),
    ...nodes.flatMap((node) => (node.kind === 'command' ? (node.with.working_dir ?? []) : [])),
    ...tasks.map(({ task }) => task.working_dir),
    ...[...jobs, ...Object.values(job_nodes)].map(({ directory }) => directory),
  ]
  return [...new Set(directories)]
}

function mayWrite({ role }: PlannedAgent): boolean {
  return role.tools.some((tool) => tool === 'write' || tool === 'edit' || tool === 'run')
}

/** Where the tools of agents may write. */
function writable(tools: OrchestrationInput['tools']): readonly string[] {
  if (tools === undefined) return []
  const { workspace, domain, references, write_scope } = tools.spaces
  const places = { workspace: [workspace], domain: [domain], reference: references }
  return write_scope.flatMap((scope) => places[scope])
}
