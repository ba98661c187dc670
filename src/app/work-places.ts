import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import { workersOf } from './backends.ts'
import type { Checkouts } from './checkouts-port.ts'

/** The directories in which a run may change something and that lie in repositories, each once. */
export function workPlaces(input: OrchestrationInput, checkouts: Checkouts): readonly string[] {
  const { nodes, agents, tasks, jobs } = input
  // The deterministic agents of ours change what tasks and jobs say.
  const free = workersOf(nodes, agents).filter(({ agent, backend }) => !(agent.built_in && backend === 'command'))
  const directories = [
    ...free.map(({ agent }) => agent.directory),
    ...(free.length > 0 ? writable(input.tools) : []),
    ...tasks.map(({ task }) => task.working_dir),
    ...jobs.map(({ directory }) => directory),
  ]
  return [...new Set(directories)].filter((directory) => checkouts.isInRepository(directory))
}

/** Where the tools of agents may write. */
function writable(tools: OrchestrationInput['tools']): readonly string[] {
  if (tools === undefined) return []
  const { workspace, domain, references, write_scope } = tools.spaces
  const places = { workspace: [workspace], domain: [domain], reference: references }
  return write_scope.flatMap((scope) => places[scope])
}
